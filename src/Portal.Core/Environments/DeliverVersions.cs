using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Environments;

/// <summary>
/// Has each environment that follows its default branch brought to the newest version whose pipeline passed, by a run
/// of the portal's own. It compares rows, so it does not matter whether the news of a pipeline was lost with a process:
/// the next look finds it.
/// </summary>
public sealed class DeliverVersions(
    IDbContextFactory<PortalDbContext> database, NewestVersion newest, PortalRuns own, ILogger<DeliverVersions> log)
{
    /// <summary>Returns how many runs it started, or has tried again.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var following = await db.Set<PortalEnvironment>().AsNoTracking()
            .Where(e => e.FollowsDefaultBranch && e.DestroyedAt == null && !e.IsReserved
                && e.Status != EnvironmentStatus.Stopped && e.Status != EnvironmentStatus.Creating)
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

    private async Task<bool> DeliverAsync(
        PortalDbContext db, PortalEnvironment environment, CancellationToken cancellation)
    {
        if (await NewerAsync(db, environment, cancellation) is not { } version) return false;
        var proposal = OperationProposal.Of(
            environment, DeployOperation.Words, new JsonObject { ["pipelineRun"] = version.Id });
        var run = await own.EnsureAsync(proposal, cancellation);
        if (!run.IsOk)
        {
            log.LogWarning(
                "{Environment} does not get {Commit}: {Reason}", environment.Id, version.Commit, run.Error.Message);
        }
        return run is { IsOk: true, Value: not null };
    }

    private async Task<PipelineRun?> NewerAsync(
        PortalDbContext db, PortalEnvironment environment, CancellationToken cancellation)
    {
        // Of its own repository, whatever that is called by now and whoever has its name.
        if (environment.RepositoryId is not { } repository) return null;
        var version = await newest.FindAsync(repository, cancellation);
        if (version is null || version.Id == environment.PipelineRunId) return null;
        // One attempt per version: what did not become healthy, or was taken back, is not tried again by itself. What
        // its host did not answer to is.
        var failed = await db.Set<Deployment>().AnyAsync(
            d =>
                d.EnvironmentId == environment.Id && d.PipelineRunId == version.Id
                    && d.Status == DeploymentStatus.Failed && !d.TryAgain,
            cancellation);
        return failed || await IsNewerAsync(db, environment, version, cancellation) ? null : version;
    }

    /// <summary>
    /// Somebody deployed by hand what is newer than the newest, and of the same branch: it was run again, or its news
    /// came late.
    /// </summary>
    private static Task<bool> IsNewerAsync(
        PortalDbContext db, PortalEnvironment environment, PipelineRun than, CancellationToken cancellation) =>
        db.Set<PipelineRun>().AnyAsync(
            r =>
                r.Provider == than.Provider && r.Id == environment.PipelineRunId && r.Branch == than.Branch
                    && r.CreatedAt > than.CreatedAt,
            cancellation);
}

/// <summary>What passed may have to be deployed: the sweep looks now, not at its next turn.</summary>
internal sealed class DeliverPassed(ISchedulerFactory schedulers) : IPassedRunHandler
{
    public Task PassedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) =>
        schedulers.WakeAsync(DeliverJob.Key, cancellation);
}

/// <summary>Woken by each passed pipeline, and now and then in case that was missed.</summary>
[DisallowConcurrentExecution]
internal sealed class DeliverJob(DeliverVersions deliver) : IJob
{
    internal static readonly JobKey Key = new("deliver-versions");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await deliver.ExecuteAsync(cancellationToken);
}

/// <summary>Ends what has reached its end.</summary>
[DisallowConcurrentExecution]
internal sealed class ExpireJob(ControlEnvironment environments) : IJob
{
    internal static readonly JobKey Key = new("expire-environments");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await environments.DestroyExpiredAsync(cancellationToken);
}
