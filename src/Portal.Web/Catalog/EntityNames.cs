using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Web.Catalog;

/// <summary>The names of all entities, kept for a few seconds: what is typed letter by letter is not asked of the database each time.</summary>
internal sealed class EntityNames(IDbContextFactory<PortalDbContext> database, Authorise authorise, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private volatile Known? current;

    /// <param name="Words">Tags and description, in which is looked too.</param>
    /// <param name="Order">Of its kind, as the catalog lists them.</param>
    public sealed record Entry(EntityRef Ref, string? Title, string? Owner, string Words, int Order);

    public async Task<IReadOnlyList<Entry>> ForAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await authorise.MayAsync(actor, Permissions.CatalogRead, null, cancellation)) return [];
        if (current is { } known && time.GetUtcNow() - known.At < Freshness) return known.Entries;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await db.Set<CatalogEntity>().AsNoTracking()
            .Select(e => new { e.Kind, e.Namespace, e.Name, e.Title, e.Owner, e.Tags, e.Description }).ToListAsync(cancellation);
        var kinds = Descriptor.Kinds.ToList();
        var entries = rows.ConvertAll(r => new Entry(
            new EntityRef(r.Kind, r.Namespace, r.Name), r.Title, r.Owner, $"{string.Join(' ', r.Tags)} {r.Description}", kinds.IndexOf(r.Kind)));
        current = new Known(time.GetUtcNow(), entries);
        return entries;
    }

    private sealed record Known(DateTimeOffset At, List<Entry> Entries);
}
