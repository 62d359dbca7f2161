using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>What people call entities, many at once.</summary>
public sealed class ReadTitles(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    /// <summary>
    /// Titles by key; left out where an entity has none, or the person may not see it. Who people and teams are is
    /// told to everybody: their names stand beside what they own and do.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(
        IReadOnlyCollection<string> keys, Actor actor, CancellationToken cancellation)
    {
        if (keys.Count == 0) return new Dictionary<string, string>();
        var allowed = await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var asked = db.Set<CatalogEntity>().AsNoTracking();
        var named = asked.Where(e => e.Kind == "User" || e.Kind == "Group");
        if (allowed.TryGet(out var visible, out _)) named = named.Union(asked.Visible(visible));
        return await named.Where(e => keys.Contains(e.Key) && e.Title != null && e.Title != "")
            .ToDictionaryAsync(e => e.Key, e => e.Title!, StringComparer.Ordinal, cancellation);
    }
}
