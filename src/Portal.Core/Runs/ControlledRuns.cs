using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// What every change that a person makes to a run has in common: the lock, the permission, the event, the audit entry.
/// </summary>
public sealed class ControlledRuns(IDbContextFactory<PortalDbContext> database, Authorise authorise, TimeProvider time)
{
    /// <summary>Whoever started a run may always control it; else who may change runs of its owner.</summary>
    public async Task<Error?> RefusedAsync(Run run, Actor actor, CancellationToken cancellation)
    {
        if (EntityRef.Parse(run.CreatedBy) == actor.Ref) return null;
        return (await authorise.CheckAsync(actor, Permissions.RunChange, OwnerOf(run), cancellation)).Error;
    }

    public async Task<Result<Run>> ReadAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var run = await db.Set<Run>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation);
        if (run is null) return RunErrors.NotFound(id);
        return await RefusedAsync(run, actor, cancellation) is { } refused ? refused : run;
    }

    /// <param name="change">Under the row's lock; an error leaves everything as it was.</param>
    /// <param name="asked">What the log says after the person's name: "asked to cancel the run".</param>
    public async Task<Result<Done>> ChangeAsync(
        Guid id, Actor actor, string action, string asked, Func<Run, Error?> change, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var run = await db.Set<Run>().FromSql($"select * from runs where id = {id} for update")
            .SingleOrDefaultAsync(cancellation);
        if (run is null) return RunErrors.NotFound(id);
        if (await RefusedAsync(run, actor, cancellation) is { } refused) return refused;
        var before = run.Status;
        if (change(run) is { } error) return error;
        if (run.Status == RunStatus.Cancelled) await EndStepsAsync(db, id, cancellation);
        var status = run.Status == before ? null : Word(run.Status);
        db.Add(new RunEvent
        {
            RunId = id, Number = run.NextEvent(), At = time.Now(),
            Type = status is null ? RunEventType.Log : RunEventType.Status, Status = status,
            Message = $"{actor.DisplayName} {asked}.",
        });
        try
        {
            var entry = new AuditEntry(actor, action, $"run:{id}", $"{run.Title}: {asked}", OwnerOf(run));
            await db.SaveAuditedAsync(time, cancellation, entry);
        }
        catch (DbUpdateException e) when (UnderWay.Is(e))
        {
            return await UnderWay.ErrorAsync(database, run.Subject!, cancellation);
        }
        await RunListener.ChangedAsync(db, id, cancellation);
        if (run.CancelRequested) await RunListener.CancelAskedAsync(db, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Instance;
    }

    /// <summary>The step that waited, or was to be gone on with: nobody will.</summary>
    private async Task EndStepsAsync(PortalDbContext db, Guid run, CancellationToken cancellation)
    {
        foreach (var step in await db.Set<RunStep>().Where(s => s.RunId == run && s.Status == StepStatus.Running)
            .ToListAsync(cancellation))
        {
            (step.Status, step.FinishedAt) = (StepStatus.Cancelled, time.Now());
        }
    }

    private static EntityRef? OwnerOf(Run run) => EntityRef.Owner(run.Owner);

    /// <summary>As events name it: lower case with dashes.</summary>
    private static string Word(RunStatus status) =>
        status == RunStatus.UndoFailed ? "undo-failed" : status.ToString().ToLowerInvariant();
}
