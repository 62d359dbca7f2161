using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// Providers act with the portal's credentials, so a template that leaves a name to its form would lend them to whoever
/// fills it in: what a run changes or reads, its person must be allowed to change or read. What the run itself made is
/// its own.
/// </summary>
public sealed class EffectRights(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, Authorise authorise)
{
    /// <summary>Null when the person may.</summary>
    public async Task<Error?> RefusedAsync(
        IEnumerable<NeededRight> needs, Guid run, Actor actor, CancellationToken cancellation)
    {
        foreach (var need in needs)
        {
            if (await RefusedAsync(need, run, actor, cancellation) is { } refused) return refused;
        }
        return null;
    }

    private Task<Error?> RefusedAsync(
        NeededRight need, Guid run, Actor actor, CancellationToken cancellation) => need switch
    {
        RightOnRepository repository => RepositoryRefusedAsync(repository, run, actor, cancellation),
        RightOnOwned owned when owned.MadeBy == run => Task.FromResult<Error?>(null),
        RightOnOwned owned => CheckAsync(owned, owned.What, EntityRef.Owner(owned.Owner), actor, cancellation),
        RightOnEntity entity => EntityRefusedAsync(entity, run, actor, cancellation),
        _ => CheckAsync(need, null, null, actor, cancellation),
    };

    private async Task<Error?> RepositoryRefusedAsync(
        RightOnRepository need, Guid run, Actor actor, CancellationToken cancellation)
    {
        var found = providers.Find<IRepositoryHost>(need.Provider) is { } host
            ? await host.FindAsync(need.Repository, cancellation)
            : null;
        // What is not there fails by itself.
        if (found is null)
        {
            return need.OfAbsentToo
                ? await CheckAsync(need, need.Repository.ToString(), null, actor, cancellation)
                : null;
        }
        if (found.Mark == run.ToString()) return null;
        var owner = EntityRef.Owner(found.Owner);
        return await CheckAsync(need, need.Repository.ToString(), owner, actor, cancellation);
    }

    private async Task<Error?> EntityRefusedAsync(
        RightOnEntity need, Guid run, Actor actor, CancellationToken cancellation)
    {
        var key = need.Entity.Key;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<CatalogEntity>().Where(e => e.Key == key).Select(e => new { e.Owner, e.RunId })
            .SingleOrDefaultAsync(cancellation);
        if (row is null || row.RunId == run) return null;
        var owner = EntityRef.Owner(row.Owner);
        return await CheckAsync(need, need.Entity.ToString(), owner, actor, cancellation);
    }

    private async Task<Error?> CheckAsync(
        NeededRight need, string? on, EntityRef? owner, Actor actor, CancellationToken cancellation)
    {
        var refused = (await authorise.CheckAsync(actor, need.Permission, owner, cancellation)).Error;
        return refused is null || on is null ? refused : refused with { Message = $"{on}: {refused.Message}" };
    }
}
