using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Environments;

/// <summary>
/// Asks providers that do not tell everything what became of what the portal follows: a webhook may be missing, late or
/// not set up at all. One that is down keeps no other from being asked.
/// </summary>
public sealed class AskProviders(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, IProviderEvents events,
    ILogger<AskProviders> log)
{
    private const string Looking = "looking what is new";

    /// <summary>How many of a repository's newest runs are looked at.</summary>
    private const int Newest = 5;

    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        await providers.All<IPipelineHost>().Where(h => !h.TellsAll)
            .EachAsync(Looking, log, host => PipelinesAsync(host, cancellation));
        await providers.All<IEnvironmentHost>().Where(h => !h.TellsAll)
            .EachAsync(Looking, log, host => EnvironmentsAsync(host, cancellation));
    }

    private async Task PipelinesAsync(IPipelineHost host, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        // Under the name of one that is gone there may be another by now.
        var repositories = await db.Set<RepositoryRow>().Where(r => r.Provider == host.Instance && r.GoneAt == null)
            .Where(r => db.Set<PipelineRun>().Any(p => p.RepositoryId == r.Id && p.FinishedAt == null)
                || db.Set<PortalEnvironment>().Any(
                    e => e.RepositoryId == r.Id && e.DestroyedAt == null && e.FollowsDefaultBranch))
            .Select(r => r.Name).ToListAsync(cancellation);
        foreach (var repository in repositories)
        {
            foreach (var run in await host.ListAsync(RepositoryName.Parse(repository), Newest, cancellation))
            {
                await events.PipelineRunChangedAsync(host.Instance, run, cancellation);
            }
        }
    }

    private async Task EnvironmentsAsync(IEnvironmentHost host, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var living = db.Set<PortalEnvironment>().Where(e => e.Provider == host.Instance && e.DestroyedAt == null);
        if (!await living.AnyAsync(cancellation)) return;
        foreach (var environment in await host.ListAsync(cancellation))
        {
            await events.EnvironmentChangedAsync(host.Instance, environment, cancellation);
        }
    }
}

[DisallowConcurrentExecution]
internal sealed class AskProvidersJob(AskProviders ask) : IJob
{
    internal static readonly JobKey Key = new("ask-providers");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await ask.ExecuteAsync(cancellationToken);
}
