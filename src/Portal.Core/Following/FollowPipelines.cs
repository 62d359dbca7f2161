using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.Pipelines;
using Portal.Core.Providers;
using Quartz;

namespace Portal.Core.Following;

/// <summary>The row of a pipeline run follows its host; one of the default branch that passed is deployed.</summary>
public sealed class FollowPipelines(IDbContextFactory<PortalDbContext> database, ISchedulerFactory schedulers)
{
    public async Task FollowAsync(string instance, PipelineRunInfo run, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // News of one run may arrive together: the first to come makes the row, the others wait for it.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtext({instance + run.Id}))", cancellation);
        var row = await db.Set<PipelineRun>().FindAsync([instance, run.Id], cancellation);
        if (row is null)
        {
            row = new PipelineRun
            {
                Provider = instance, Id = run.Id, Repository = run.Repository.ToString(), Number = run.Number, Branch = run.Branch, Commit = run.Commit,
                CreatedAt = run.CreatedAt,
            };
            db.Add(row);
        }
        var finished = run.IsFinished && row.FinishedAt is null;
        if (!row.Follow(run)) return;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (finished && run.Status == PipelineStatus.Passed)
        {
            var scheduler = await schedulers.GetScheduler(cancellation);
            await scheduler.TriggerJob(DeliverJob.Key, cancellation);
        }
    }
}
