using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Environments;

/// <summary>
/// Asks providers that do not tell everything what became of what the portal follows: a webhook may be missing, late or not set up at
/// all. One that is down keeps no other from being asked.
/// </summary>
public sealed class AskProviders(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, IProviderEvents events, ILogger<AskProviders> log)
{
    /// <summary>How many of a repository's newest runs are looked at.</summary>
    private const int Newest = 5;

    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        foreach (var host in providers.All<IPipelineHost>().Where(h => !h.TellsAll))
            await TryAsync(host, () => PipelinesAsync(host, cancellation));
        foreach (var host in providers.All<IEnvironmentHost>().Where(h => !h.TellsAll))
            await TryAsync(host, () => EnvironmentsAsync(host, cancellation));
    }

    private async Task PipelinesAsync(IPipelineHost host, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var repositories = await db.Set<PortalEnvironment>()
            .Where(e => e.RepositoryProvider == host.Instance && e.DestroyedAt == null && e.FollowsDefaultBranch).Select(e => e.Repository)
            .Union(db.Set<PipelineRun>().Where(r => r.Provider == host.Instance && r.FinishedAt == null).Select(r => r.Repository))
            .ToListAsync(cancellation);
        foreach (var repository in repositories)
        {
            foreach (var run in await host.ListAsync(RepositoryName.Parse(repository), Newest, cancellation))
                await events.PipelineRunChangedAsync(host.Instance, run, cancellation);
        }
    }

    private async Task EnvironmentsAsync(IEnvironmentHost host, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!await db.Set<PortalEnvironment>().AnyAsync(e => e.Provider == host.Instance && e.DestroyedAt == null, cancellation)) return;
        foreach (var environment in await host.ListAsync(cancellation))
            await events.EnvironmentChangedAsync(host.Instance, environment, cancellation);
    }

    private async Task TryAsync(IProvider provider, Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (ProviderException e)
        {
            log.LogWarning("{Provider} could not be asked what is new: {Reason}", provider.Instance, e.Message);
        }
    }
}

[DisallowConcurrentExecution]
internal sealed class AskProvidersJob(AskProviders ask) : IJob
{
    internal static readonly JobKey Key = new("ask-providers");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await ask.ExecuteAsync(cancellationToken);
}
