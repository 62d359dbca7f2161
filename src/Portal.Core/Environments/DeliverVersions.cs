using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Governance.Access;
using Portal.Core.Pipelines;
using Portal.Core.Providers;
using Quartz;

namespace Portal.Core.Environments;

/// <summary>
/// Brings each environment that follows its default branch to the newest version whose pipeline passed. It compares rows, so it
/// does not matter whether the news of a pipeline was lost with a process: the next look finds it.
/// </summary>
public sealed class DeliverVersions(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, DeployVersion deploy, ILogger<DeliverVersions> log)
{
    /// <summary>Returns how many environments got a new version.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var following = await db.Set<PortalEnvironment>().AsNoTracking()
            .Where(e => e.FollowsDefaultBranch && e.DestroyedAt == null && !e.IsReserved && e.Status != EnvironmentStatus.Stopped && e.Status != EnvironmentStatus.Creating)
            .ToListAsync(cancellation);
        var delivered = 0;
        foreach (var environment in following)
        {
            try
            {
                if (await DeliverAsync(db, environment, cancellation)) delivered++;
            }
            catch (ProviderException e)
            {
                // One provider that is down keeps no other's environments from their versions.
                log.LogWarning("{Environment} was not looked at: {Reason}", environment.Id, e.Message);
            }
        }
        return delivered;
    }

    private async Task<bool> DeliverAsync(PortalDbContext db, PortalEnvironment environment, CancellationToken cancellation)
    {
        if (await NewerAsync(db, environment, cancellation) is not { } version) return false;
        var result = await deploy.ExecuteAsync(environment.Id, version.Id, version.Commit, Actor.System, cancellation);
        if (!result.IsOk) log.LogWarning("{Environment} did not get {Commit}: {Reason}", environment.Id, version.Commit, result.Error.Message);
        return result.IsOk;
    }

    private async Task<PipelineRun?> NewerAsync(PortalDbContext db, PortalEnvironment environment, CancellationToken cancellation)
    {
        var running = await db.Set<PipelineRun>().AsNoTracking()
            .Where(r => r.Id == environment.PipelineRunId).Select(r => (DateTimeOffset?)r.CreatedAt).FirstOrDefaultAsync(cancellation);
        var newest = await db.Set<PipelineRun>().AsNoTracking()
            .Where(r => r.Provider == environment.RepositoryProvider && r.Repository == environment.Repository && r.Status == PipelineStatus.Passed && (running == null || r.CreatedAt > running))
            .OrderByDescending(r => r.CreatedAt).Take(5).ToListAsync(cancellation);
        if (newest.Count == 0) return null;
        var repository = await BranchAsync(environment, cancellation);
        var version = newest.Find(r => r.Branch == repository && r.Info.Artifacts.Any(a => a.Name == "app"));
        // One attempt per version: what did not become healthy is not tried again by itself.
        return version is null || await db.Set<Deployment>().AnyAsync(
            d => d.EnvironmentId == environment.Id && d.PipelineRunId == version.Id && d.Status == DeploymentStatus.Failed, cancellation)
            ? null
            : version;
    }

    private async Task<string?> BranchAsync(PortalEnvironment environment, CancellationToken cancellation)
    {
        var host = providers.Find<IRepositoryHost>(environment.RepositoryProvider);
        if (host is null || !RepositoryName.TryParse(environment.Repository, out var name)) return null;
        return (await host.FindAsync(name.Value, cancellation))?.DefaultBranch;
    }
}

/// <summary>Woken by each passed pipeline, and now and then in case that was missed.</summary>
[DisallowConcurrentExecution]
internal sealed class DeliverJob(DeliverVersions deliver) : IJob
{
    internal static readonly JobKey Key = new("deliver-versions");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await deliver.ExecuteAsync(cancellationToken);
}

/// <summary>Ends what has reached its end.</summary>
[DisallowConcurrentExecution]
internal sealed class ExpireJob(ControlEnvironment environments) : IJob
{
    internal static readonly JobKey Key = new("expire-environments");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await environments.DestroyExpiredAsync(cancellationToken);
}
