using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Discovery;

public enum FoundShow { All, Registered, Without, Problems }

public sealed record DiscoveryFilter
{
    public FoundShow Show { get; init; }
    public IReadOnlyList<string> Providers { get; init; } = [];
    public string? Search { get; init; }
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

/// <param name="Entity">What the catalog has of it, a component first.</param>
/// <param name="Owner">Who would own it, of one without a descriptor.</param>
/// <param name="OwnerIsKnown">The catalog has that owner.</param>
/// <param name="CannotPropose">Why no descriptor can be proposed for it; null when one can.</param>
public sealed record FoundView(
    FoundRepository Repository, EntityRef? Entity, EntityRef? Owner, bool OwnerIsKnown, string? CannotPropose);

/// <param name="Entity">What the catalog has of the repository; null when nothing.</param>
/// <param name="Why">One or two sentences.</param>
public sealed record RejectedDescriptor(string Repository, EntityRef? Entity, string Why);

/// <param name="HasSources">There is a provider to look at.</param>
/// <param name="SeenAt">The last look.</param>
/// <param name="Providers">With the number of their repositories.</param>
public sealed record DiscoverySummary(
    bool HasSources, int All, int Registered, int Without, int Problems, DateTimeOffset? SeenAt,
    IReadOnlyList<FacetValue> Providers);

/// <summary>The repositories that were found, and what became of their descriptors.</summary>
public sealed class ReadDiscovery(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, ProviderRegistry providers,
    ProposeDescriptor propose)
{
    private const int MostRejected = 20;

    public async Task<Result<DiscoverySummary>> SummariseAsync(Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var groups = await Visible(db, visible).GroupBy(r => r.Provider).Select(g => new
        {
            g.Key, Count = g.Count(), Problems = g.Count(r => r.Problem != null),
            With = g.Count(r => r.Problem == null && r.DescriptorPath != null), Seen = g.Max(r => r.SeenAt),
        }).OrderBy(g => g.Key).ToListAsync(cancellation);
        var (all, with, problems) = (groups.Sum(g => g.Count), groups.Sum(g => g.With), groups.Sum(g => g.Problems));
        return new DiscoverySummary(
            providers.All<ICatalogSource>().Any(), all, with, all - with - problems, problems,
            groups.Count == 0 ? null : groups.Max(g => g.Seen),
            groups.ConvertAll(g => new FacetValue(g.Key, g.Count)));
    }

    public async Task<Result<Page<FoundView>>> ListAsync(
        DiscoveryFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = Matching(db, visible, filter);
        var total = await query.CountAsync(cancellation);
        var rows = await query.OrderBy(r => r.Repository).ThenBy(r => r.Provider).Skip(filter.Offset)
            .Take(Math.Clamp(filter.Limit, 1, 500)).ToListAsync(cancellation);
        var firsts = await FirstsAsync(db, rows, cancellation);
        var owners = rows.Select(ProposeDescriptor.OwnerOf).OfType<EntityRef>().Select(o => o.Key).Distinct().ToList();
        var known = await db.Set<CatalogEntity>().Where(e => owners.Contains(e.Key)).Select(e => e.Key)
            .ToListAsync(cancellation);
        var views = new List<FoundView>();
        foreach (var row in rows)
        {
            var owner = row.DescriptorPath is null ? ProposeDescriptor.OwnerOf(row) : null;
            views.Add(new FoundView(
                row, row.RepositoryId is { } id ? firsts.GetValueOrDefault(id) : null,
                owner, owner is { } o && known.Contains(o.Key),
                row.DescriptorPath is null ? await propose.WhyNotAsync(row, actor, cancellation) : "It has one."));
        }
        return new Page<FoundView>(views, total);
    }

    /// <summary>Repositories of these owners whose descriptor was not taken over, by name.</summary>
    /// <param name="owners">Keys.</param>
    public async Task<Result<IReadOnlyList<RejectedDescriptor>>> RejectedAsync(
        IReadOnlyList<string> owners, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var seen = Visible(db, visible).Where(r => r.Problem != null && !r.IsArchived);
        var rows = await OwnedBy(db, seen, owners).OrderBy(r => r.Repository).ThenBy(r => r.Provider)
            .Take(MostRejected).ToListAsync(cancellation);
        var firsts = await FirstsAsync(db, rows, cancellation);
        return rows.ConvertAll(r => new RejectedDescriptor(
            r.Repository, r.RepositoryId is { } id ? firsts.GetValueOrDefault(id) : null, r.Problem!));
    }

    /// <summary>What the catalog has of each, a component first.</summary>
    private static async Task<Dictionary<Guid, EntityRef?>> FirstsAsync(
        PortalDbContext db, List<FoundRepository> rows, CancellationToken cancellation)
    {
        var ids = rows.ConvertAll(r => r.RepositoryId);
        var entities = await db.Set<CatalogEntity>().Where(e => e.RepositoryId != null && ids.Contains(e.RepositoryId))
            .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id)
            .Select(e => new { e.RepositoryId, Ref = new EntityRef(e.Kind, e.Namespace, e.Name) })
            .ToListAsync(cancellation);
        return entities.GroupBy(e => e.RepositoryId!.Value).ToDictionary(g => g.Key, g => (EntityRef?)g.First().Ref);
    }

    /// <summary>
    /// One that the catalog has nothing of belongs to whom it is proposed for, and without a proposal to the team that
    /// its organisation is named after.
    /// </summary>
    private static IQueryable<FoundRepository> Visible(PortalDbContext db, VisibleOwners to)
    {
        var query = db.Set<FoundRepository>().AsNoTracking();
        return to.Keys is not { } keys ? query : OwnedBy(db, query, keys);
    }

    private static IQueryable<FoundRepository> OwnedBy(
        PortalDbContext db, IQueryable<FoundRepository> query, IReadOnlyCollection<string> keys) =>
        query.Where(r => keys.Contains(
            db.Set<CatalogEntity>().Where(e => e.RepositoryId == r.RepositoryId && e.Owner != null)
                .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id).Select(e => e.Owner).FirstOrDefault()
            ?? (r.ProposedOwner != null
                ? (r.ProposedOwnerIsTeam ? "group:default/" : "user:default/") + r.ProposedOwner.ToLower()
#pragma warning disable CA1866 // It becomes SQL.
                : "group:default/" + r.Repository.Substring(0, r.Repository.IndexOf("/")).ToLower())));
#pragma warning restore CA1866

    internal static IQueryable<FoundRepository> Matching(
        PortalDbContext db, VisibleOwners visible, DiscoveryFilter filter)
    {
        var query = Visible(db, visible);
        query = filter.Show switch
        {
            FoundShow.Registered => query.Where(r => r.Problem == null && r.DescriptorPath != null),
            FoundShow.Without => query.Where(r => r.Problem == null && r.DescriptorPath == null),
            FoundShow.Problems => query.Where(r => r.Problem != null),
            _ => query,
        };
        if (filter.Providers.Count > 0) query = query.Where(r => filter.Providers.Contains(r.Provider));
        if (filter.Search is not { Length: > 0 } text) return query;
        var like = Like.Containing(text.Trim());
        return query.Where(r => EF.Functions.ILike(r.Repository, like) || EF.Functions.ILike(r.Description!, like)
            || EF.Functions.ILike(r.ProposedOwner!, like));
    }
}
