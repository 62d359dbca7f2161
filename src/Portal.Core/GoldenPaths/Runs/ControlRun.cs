using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.GoldenPaths.Runs.Execution;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

/// <summary>What a person can do to a run: cancel it, or have it go on from the step that failed.</summary>
public sealed class ControlRun(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, RunScheduler scheduler, SecretBox secrets, TimeProvider time)
{
    /// <summary>Asks the run to stop; it does so inside the step that it is in. What it made stays and is listed.</summary>
    public Task<Result<Done>> CancelAsync(Guid id, Actor actor, CancellationToken cancellation) => ChangeAsync(
        id, actor, "run.cancel-requested", "cancel", run =>
        {
            if (run.IsOver) return RunErrors.Over(run);
            run.RequestCancel(time.Now());
            return Done.Instance;
        }, cancellation);

    /// <summary>Goes on from the failed step. Steps that completed are not run again; effects that happened do not happen again.</summary>
    /// <param name="newSecrets">Replaces the secrets; null keeps those that the run was given.</param>
    public async Task<Result<Done>> RetryAsync(Guid id, Actor actor, JsonObject? newSecrets, CancellationToken cancellation)
    {
        var changed = await ChangeAsync(id, actor, "run.retried", "retry", run =>
        {
            if (run.Status is not (RunStatus.Failed or RunStatus.Cancelled)) return RunErrors.NotFailed(run);
            run.Retry();
            if (newSecrets is not null) run.Secrets = secrets.Seal(newSecrets);
            return Done.Instance;
        }, cancellation);
        if (changed.IsOk) await scheduler.ScheduleAsync(id, cancellation);
        return changed;
    }

    private async Task<Result<Done>> ChangeAsync(
        Guid id, Actor actor, string action, string verb, Func<Run, Result<Done>> change, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var run = await db.Set<Run>().FromSql($"select * from runs where id = {id} for update").SingleOrDefaultAsync(cancellation);
        if (run is null) return RunErrors.NotFound(id);
        if (await AllowedAsync(run, actor, cancellation) is { } refused) return refused;
        if (change(run).Error is { } error) return error;
        db.Add(new RunEvent
        {
            RunId = id, Number = run.NextEvent(), At = time.Now(), Type = RunEventType.Log, Message = $"{actor.DisplayName} asked to {verb} the run.",
        });
        EntityRef.TryParse(run.Owner, "group", out var owner);
        await db.SaveAuditedAsync(time, cancellation, new AuditEntry(actor, action, $"run:{id}", $"Asked to {verb} {run.Title}", owner));
        await RunFeed.NotifyAsync(db, id, cancellation);
        await RunFeed.NotifyCancelAsync(db, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Instance;
    }

    private async Task<Error?> AllowedAsync(Run run, Actor actor, CancellationToken cancellation)
    {
        // Whoever started a run may always control it.
        if (EntityRef.Parse(run.CreatedBy) == actor.Ref) return null;
        EntityRef.TryParse(run.Owner, "group", out var owner);
        return (await authorise.CheckAsync(actor, Permissions.RunChange, owner, cancellation)).Error;
    }
}
