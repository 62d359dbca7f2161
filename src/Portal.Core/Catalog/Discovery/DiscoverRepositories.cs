using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Discovery;

/// <summary>
/// Looks through the repositories of every source: what has a descriptor is in the catalog afterwards, or the row says
/// why not. What has not changed since the last look is left alone; nothing is ever removed from the catalog.
/// </summary>
public sealed class DiscoverRepositories(
    ProviderRegistry providers, IDbContextFactory<PortalDbContext> database, RegisterFound register,
    FoundRepositories rows,
    SeenRepositories repositories, IClocks clocks, ILogger<DiscoverRepositories> log)
{
    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        foreach (var source in providers.All<ICatalogSource>())
        {
            try
            {
                await LookThroughAsync(source, cancellation);
            }
            catch (ProviderException e)
            {
                // One source that is down keeps no other from being looked through.
                log.LogWarning(
                    "The repositories of {Instance} were not all looked through: {Reason}", source.Instance, e.Message);
            }
        }
    }

    /// <summary>One repository, as it is now. One that is not there, or nobody's, is left alone.</summary>
    public async Task ReadAsync(string instance, RepositoryName repository, CancellationToken cancellation)
    {
        if (providers.Find<ICatalogSource>(instance) is not { } source) return;
        if (await source.ReadAsync(repository, cancellation) is { } found)
        {
            await TakeAsync(source.Instance, found, cancellation);
        }
    }

    private async Task LookThroughAsync(ICatalogSource source, CancellationToken cancellation)
    {
        var began = await clocks.DatabaseAsync(cancellation);
        await foreach (var found in source.DiscoverAsync(cancellation))
        {
            await TakeAsync(source.Instance, found, cancellation);
        }
        await MissAsync(source.Instance, began, cancellation);
    }

    /// <summary>
    /// What has another name at its host, or is another under a name that was known, is so in the portal before
    /// anything is read.
    /// </summary>
    private async Task TakeAsync(string instance, DiscoveredRepository found, CancellationToken cancellation) =>
        await TakeAsync(instance, await repositories.SeeAsync(instance, found, cancellation), found, cancellation);

    /// <summary>
    /// A push and the look through everything may meet at one repository: <see cref="FoundRepositories"/> sees to it.
    /// </summary>
    private async Task TakeAsync(
        string instance, RepositoryRow repository, DiscoveredRepository found, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = await clocks.DatabaseAsync(cancellation);
        var row = await db.Set<FoundRepository>().AsNoTracking()
            .SingleOrDefaultAsync(r => r.RepositoryId == repository.Id, cancellation);
        var look = new RepositorySighting(instance, repository.Id, found, row?.SeenAt, now);
        if (found.Problem is { } unreadable)
        {
            // What was known of it stays; the next look that succeeds compares with that.
            await rows.KeepAsync(look, known => known.Problem = unreadable, cancellation);
            return;
        }
        var unchanged = row is { Problem: null, HeadCommit: not null }
            && (row.HeadCommit, row.DescriptorPath) == (found.HeadCommit, found.DescriptorPath);
        if (!unchanged && await HeldRepositories.HasAsync(db, instance, found.Name, cancellation))
        {
            // So here, and what is new is not kept at all.
            if (row is not null) await rows.KeepAsync(look, _ => { }, cancellation);
            return;
        }
        var problem = unchanged ? null : await ProblemAsync(db, instance, repository, found, cancellation);
        await rows.KeepAsync(look, known =>
        {
            known.See(found, now);
            if (!unchanged) known.Problem = problem;
            if (known.DescriptorPath is not null) known.PullRequestUrl = null;
        }, cancellation);
    }

    private async Task<string?> ProblemAsync(
        PortalDbContext db, string instance, RepositoryRow repository, DiscoveredRepository found,
        CancellationToken cancellation)
    {
        try
        {
            return await register.ExecuteAsync(db, instance, repository, found, cancellation);
        }
        catch (ProviderException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseTrouble.Is(e))
        {
            // Whatever somebody wrote into a descriptor must not keep the other repositories from being looked at.
            log.LogError(
                e, "The descriptor of {Repository} of {Instance} could not be registered", found.Name, instance);
            return $"Something went wrong in the portal ({e.GetType().Name}); its log says where.";
        }
    }

    /// <summary>
    /// What was there before and was not seen this time: forgotten, unless the catalog has something of it.
    /// </summary>
    private async Task MissAsync(string instance, DateTimeOffset began, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var gone = await db.Set<FoundRepository>().Where(r => r.Provider == instance && r.SeenAt < began)
            .ToListAsync(cancellation);
        foreach (var row in gone)
        {
            var left = await db.Set<CatalogEntity>().Where(e => e.RepositoryId == row.RepositoryId).OrderBy(e => e.Key)
                .Take(5)
                .Select(e => new EntityRef(e.Kind, e.Namespace, e.Name)).ToListAsync(cancellation);
            if (left.Count == 0) db.Remove(row);
            else
            {
                row.Problem =
                    $"{instance} does not show it any more: it is gone, or has another name, or the portal may not see it. The catalog still has {string.Join(", ", left)} from it.";
                (row.HeadCommit, row.DescriptorPath) = (null, null);
            }
        }
        await db.SaveChangesAsync(cancellation);
    }
}
