using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

public sealed record EnvironmentFilter
{
    /// <summary>Keys.</summary>
    public string? Component { get; init; }

    /// <summary>
    /// Keys of owners: whose environments the list is about, before anything is chosen in it; empty = everybody's.
    /// </summary>
    public IReadOnlyList<string> Of { get; init; } = [];
    public IReadOnlyList<string> Owners { get; init; } = [];
    public IReadOnlyList<string> Types { get; init; } = [];
    public IReadOnlyList<EnvironmentStatus> Status { get; init; } = [];
    public string? Search { get; init; }
    public bool IncludeDestroyed { get; init; }

    /// <summary>Those alone that are destroyed.</summary>
    public bool Ended { get; init; }
    public EnvironmentSort Sort { get; init; } = EnvironmentSort.Created;
    public bool Descending { get; init; } = true;
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 100;
}

public enum EnvironmentSort
{
    Created,

    /// <summary>By service, then by their own name.</summary>
    Name,
    Status,

    /// <summary>Those that never end count as the last.</summary>
    Ends,
    Price,
}

/// <param name="Statuses">
/// Each value with the number of environments that match everything else that is asked for.
/// </param>
/// <param name="OwnersTotal">
/// How many owners there are; the list holds those with the most environments and those that are chosen.
/// </param>
public sealed record EnvironmentFacets(
    IReadOnlyList<FacetValue> Statuses, IReadOnlyList<FacetValue> Types, IReadOnlyList<FacetValue> Owners,
    int OwnersTotal);

/// <param name="ProviderType">The kind of its provider; null when that is not set up any more.</param>
/// <param name="Definition">
/// What it is an instance of, as its provider has it now; null when that is not known or it was adopted.
/// </param>
/// <param name="IsBilled">Its provider bills, so its price is an estimate.</param>
/// <param name="Runs">What was done to it lately, newest first; empty for who may not see runs.</param>
public sealed record EnvironmentView(
    PortalEnvironment Environment, IReadOnlyList<Deployment> Deployments, bool MayChange, string? ProviderType,
    EnvironmentDefinition? Definition, bool IsBilled, IReadOnlyList<Run> Runs);

public sealed class ReadEnvironments(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, ProviderRegistry providers, TimeProvider time)
{
    private const int MostRuns = 10;

    public async Task<Result<EnvironmentView>> FindAsync(string id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellation);
        if (row is null) return EnvironmentErrors.NotFound(id);
        var owner = EntityRef.Owner(row.Owner);
        if ((await authorise.CheckAsync(actor, Permissions.EnvironmentRead, owner, cancellation)).Error is { } refused)
        {
            return refused;
        }
        var deployments = await db.Set<Deployment>().AsNoTracking().Where(d => d.EnvironmentId == id)
            .OrderByDescending(d => d.StartedAt).Take(50).ToListAsync(cancellation);
        var host = providers.Find<IEnvironmentHost>(row.Provider);
        var mayChange = await authorise.MayAsync(actor, Permissions.EnvironmentChange, owner, cancellation);
        var maySeeRuns = await authorise.MayAsync(actor, Permissions.RunRead, owner, cancellation);
        return new EnvironmentView(
            row, deployments, mayChange, host?.Type, DefinitionOf(row, host),
            providers.Find<ICostSource>(row.Provider) is not null,
            maySeeRuns ? await RunsAsync(db, id, cancellation) : []);
    }

    private static async Task<List<Run>> RunsAsync(PortalDbContext db, string id, CancellationToken cancellation)
    {
        var subject = OperationProposal.SubjectOf(id);
        return await db.Set<Run>().AsNoTracking().Where(r => r.Subject == subject)
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Take(MostRuns).ToListAsync(cancellation);
    }

    private static EnvironmentDefinition? DefinitionOf(PortalEnvironment row, IEnvironmentHost? host)
    {
        if (row.AdoptedFrom is not null || host is null) return null;
        if (row.Definition is null) return host.Definitions[0];
        return host.Definitions.FirstOrDefault(d => d.Name == row.Definition);
    }

    /// <summary>Newest first unless the filter says otherwise.</summary>
    public async Task<Result<Page<PortalEnvironment>>> ListAsync(
        EnvironmentFilter filter, Actor actor, CancellationToken cancellation)
    {
        var allowed = await authorise.VisibleAsync(actor, Permissions.EnvironmentRead, cancellation);
        if (!allowed.TryGet(out var visible, out var refused)) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = Matching(db, visible, filter);
        var total = await query.CountAsync(cancellation);
        var items = await Sorted(query, filter).Skip(filter.Offset).Take(Math.Clamp(filter.Limit, 1, 500))
            .ToListAsync(cancellation);
        return new Page<PortalEnvironment>(items, total);
    }

    /// <summary>The living ones that somebody who is still typing may mean.</summary>
    /// <param name="enough">How many are shown.</param>
    public async Task<IReadOnlyList<PortalEnvironment>> CandidatesAsync(
        string typed, int enough, Actor actor, CancellationToken cancellation)
    {
        var allowed = await authorise.VisibleAsync(actor, Permissions.EnvironmentRead, cancellation);
        if (!allowed.TryGet(out var visible, out _)) return [];
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await Matching(db, visible, new EnvironmentFilter())
            .Select(e => new Searched<PortalEnvironment>
            {
#pragma warning disable CA1845, CA1866 // It becomes SQL.
                Row = e, Names = e.Component.Substring(e.Component.IndexOf("/") + 1) + " " + e.Name,
                All = e.Component.Substring(e.Component.IndexOf("/") + 1) + " " + e.Name + " " + e.Id,
#pragma warning restore CA1845, CA1866
            })
            .CandidatesAsync(typed, enough, cancellation);
        return [.. rows.DistinctBy(e => e.Id)];
    }

    /// <summary>
    /// Each facet counted with the other facets applied, but not itself, so that one sees what another choice would
    /// give.
    /// </summary>
    public async Task<Result<EnvironmentFacets>> FacetsAsync(
        EnvironmentFilter filter, Actor actor, CancellationToken cancellation)
    {
        var allowed = await authorise.VisibleAsync(actor, Permissions.EnvironmentRead, cancellation);
        if (!allowed.TryGet(out var visible, out var refused)) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var statuses = await Matching(db, visible, filter with { Status = [] }).GroupBy(e => e.Status)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellation);
        var shown = statuses.Select(s => new FacetValue(s.Key.ToString(), s.Count));
        var types = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Types = [] }).Select(e => e.Type), filter.Types, cancellation);
        var owners = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Owners = [] }).Select(e => e.Owner), filter.Owners, cancellation);
        return new EnvironmentFacets(
            [.. shown.OrderByDescending(s => s.Count).ThenBy(s => s.Value, StringComparer.Ordinal)],
            types.Values, owners.Values, owners.Total);
    }

    private static IQueryable<PortalEnvironment> Sorted(IQueryable<PortalEnvironment> query, EnvironmentFilter filter)
    {
        var sorted = (filter.Sort, filter.Descending) switch
        {
            (EnvironmentSort.Name, false) => query.OrderBy(e => e.Component).ThenBy(e => e.Name),
            (EnvironmentSort.Name, true) => query.OrderByDescending(e => e.Component).ThenByDescending(e => e.Name),
            (EnvironmentSort.Status, false) => query.OrderBy(e => e.Status),
            (EnvironmentSort.Status, true) => query.OrderByDescending(e => e.Status),
            // PostgreSQL puts what is null last, and first the other way round: never is later than any time.
            (EnvironmentSort.Ends, false) => query.OrderBy(e => e.ExpiresAt),
            (EnvironmentSort.Ends, true) => query.OrderByDescending(e => e.ExpiresAt),
            (EnvironmentSort.Price, false) => query.OrderBy(e => e.PricePerHour),
            (EnvironmentSort.Price, true) => query.OrderByDescending(e => e.PricePerHour),
            (_, false) => query.OrderBy(e => e.CreatedAt),
            _ => query.OrderByDescending(e => e.CreatedAt),
        };
        return sorted.ThenBy(e => e.Id);
    }

    private static IQueryable<PortalEnvironment> Matching(
        PortalDbContext db, VisibleOwners visible, EnvironmentFilter filter)
    {
        var query = db.Set<PortalEnvironment>().AsNoTracking().Visible(visible);
        if (filter.Ended) query = query.Where(e => e.DestroyedAt != null);
        else if (!filter.IncludeDestroyed) query = query.Where(e => e.DestroyedAt == null);
        if (filter.Component is { } component) query = query.Where(e => e.Component == component);
        if (filter.Of.Count > 0) query = query.Where(e => filter.Of.Contains(e.Owner));
        if (filter.Owners.Count > 0) query = query.Where(e => filter.Owners.Contains(e.Owner));
        if (filter.Types.Count > 0) query = query.Where(e => filter.Types.Contains(e.Type));
        if (filter.Status.Count > 0) query = query.Where(e => filter.Status.Contains(e.Status));
        if (filter.Search is { Length: > 0 } text)
        {
            var word = text.ToLowerInvariant();
            query = query.Where(e => e.Component.Contains(word) || e.Name.Contains(word));
        }
        return query;
    }

    /// <summary>The log of its process after a line number.</summary>
    public async Task<Result<IReadOnlyList<HostLogLine>>> LogAsync(
        string id, long after, int limit, Actor actor, CancellationToken cancellation)
    {
        if (!(await FindAsync(id, actor, cancellation)).TryGet(out var view, out var error)) return error;
        if (view.Environment is { Status: EnvironmentStatus.Destroyed } or { IsSample: true })
        {
            return Result<IReadOnlyList<HostLogLine>>.Ok([]);
        }
        var host = providers.Find<IEnvironmentHost>(view.Environment.Provider);
        if (host is null) return EnvironmentErrors.NoProvider(view.Environment);
        return await ProviderQuery.AskAsync(
            host.Instance, ProviderQuery.Log, time,
            token => host.ReadLogAsync(id, after, Math.Clamp(limit, 1, 5_000), token), cancellation);
    }
}
