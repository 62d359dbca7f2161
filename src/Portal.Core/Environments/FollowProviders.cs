using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Pipelines;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Environments;

/// <summary>Takes over what providers tell: the rows follow, and a passed pipeline of the default branch is deployed.</summary>
public sealed class FollowProviders(
    IDbContextFactory<PortalDbContext> database, Meter meter, ISchedulerFactory schedulers, TimeProvider time) : IProviderEvents
{
    public async Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var repository = push.Repository.ToString();
        var entity = await db.Set<CatalogEntity>().AsNoTracking().Where(e => e.Repository == repository).OrderBy(e => e.Kind != "Component").FirstOrDefaultAsync(cancellation);
        EntityRef.TryParse(entity?.Owner, "group", out var owner);
        var by = EntityRef.TryParse(push.By, "user", out var who) ? new Actor(who.Value, who.Value.Name, []) : Actor.System;
        var what = push.After is null ? $"Deleted branch {push.Branch} of {repository}" : $"Pushed {push.After[..Math.Min(7, push.After.Length)]} to {push.Branch} of {repository}";
        await db.SaveAuditedAsync(time, cancellation, new AuditEntry(by, "repository.pushed", entity?.Ref.ToString() ?? $"repository:{repository}", what, owner));
    }

    public async Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation)
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

    public async Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == environment.Id && e.Provider == instance, cancellation);
        if (row is null || !row.Follow(environment)) return;
        await meter.FollowAsync(db, row, time.Now(), cancellation);
        await db.SaveChangesAsync(cancellation);
    }
}
