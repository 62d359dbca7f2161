using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

public sealed record EnvironmentFilter
{
    /// <summary>Keys.</summary>
    public string? Component { get; init; }
    public IReadOnlyList<string> Owners { get; init; } = [];
    public IReadOnlyList<string> Types { get; init; } = [];
    public IReadOnlyList<EnvironmentStatus> Status { get; init; } = [];
    public string? Search { get; init; }
    public bool IncludeDestroyed { get; init; }
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 100;
}

/// <param name="ProviderType">The kind of its provider; null when that is not set up any more.</param>
/// <param name="Definition">What it is an instance of, as its provider has it now; null when that is not known or it was adopted.</param>
/// <param name="IsBilled">Its provider bills, so its price is an estimate.</param>
public sealed record EnvironmentView(
    PortalEnvironment Environment, IReadOnlyList<Deployment> Deployments, bool MayChange, string? ProviderType, EnvironmentDefinition? Definition, bool IsBilled);

public sealed class ReadEnvironments(IDbContextFactory<PortalDbContext> database, Authorise authorise, ProviderRegistry providers, TimeProvider time)
{
    public async Task<Result<EnvironmentView>> FindAsync(string id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellation);
        if (row is null) return EnvironmentErrors.NotFound(id);
        EntityRef.TryParse(row.Owner, "group", out var owner);
        if ((await authorise.CheckAsync(actor, Permissions.EnvironmentRead, owner, cancellation)).Error is { } refused) return refused;
        var deployments = await db.Set<Deployment>().AsNoTracking().Where(d => d.EnvironmentId == id)
            .OrderByDescending(d => d.StartedAt).Take(50).ToListAsync(cancellation);
        var host = providers.Find<IEnvironmentHost>(row.Provider);
        return new EnvironmentView(
            row, deployments, await authorise.MayAsync(actor, Permissions.EnvironmentChange, owner, cancellation), host?.Type, DefinitionOf(row, host),
            providers.Find<ICostSource>(row.Provider) is not null);
    }

    private static EnvironmentDefinition? DefinitionOf(PortalEnvironment row, IEnvironmentHost? host) => row.AdoptedFrom is not null || host is null
        ? null
        : host.Definitions.FirstOrDefault(d => d.Name == row.Definition) ?? (row.Definition is null ? host.Definitions[0] : null);

    /// <summary>Newest first.</summary>
    public async Task<Result<Page<PortalEnvironment>>> ListAsync(EnvironmentFilter filter, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.EnvironmentRead, null, cancellation)).Error is { } refused) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = db.Set<PortalEnvironment>().AsNoTracking();
        if (!filter.IncludeDestroyed) query = query.Where(e => e.DestroyedAt == null);
        if (filter.Component is { } component) query = query.Where(e => e.Component == component);
        if (filter.Owners.Count > 0) query = query.Where(e => filter.Owners.Contains(e.Owner));
        if (filter.Types.Count > 0) query = query.Where(e => filter.Types.Contains(e.Type));
        if (filter.Status.Count > 0) query = query.Where(e => filter.Status.Contains(e.Status));
        if (filter.Search is { Length: > 0 } text)
        {
            var word = text.ToLowerInvariant();
            query = query.Where(e => e.Component.Contains(word) || e.Name.Contains(word));
        }
        var total = await query.CountAsync(cancellation);
        var items = await query.OrderByDescending(e => e.CreatedAt).Skip(filter.Offset).Take(Math.Clamp(filter.Limit, 1, 500)).ToListAsync(cancellation);
        return new Page<PortalEnvironment>(items, total);
    }

    /// <summary>The log of its process after a line number.</summary>
    public async Task<Result<IReadOnlyList<HostLogLine>>> LogAsync(string id, long after, int limit, Actor actor, CancellationToken cancellation)
    {
        if (!(await FindAsync(id, actor, cancellation)).TryGet(out var view, out var error)) return error;
        if (view.Environment.Status == EnvironmentStatus.Destroyed) return Result<IReadOnlyList<HostLogLine>>.Ok([]);
        var host = providers.Find<IEnvironmentHost>(view.Environment.Provider);
        if (host is null) return EnvironmentErrors.NoProvider(view.Environment);
        return await ProviderLook.AskAsync(
            host.Instance, ProviderLook.Log, time, token => host.ReadLogAsync(id, after, Math.Clamp(limit, 1, 5_000), token), cancellation);
    }
}
