using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Runs.Execution;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>Answers what a run waits for; then it goes on at once, on any replica.</summary>
public sealed class WakeRun(
    IDbContextFactory<PortalDbContext> database, ControlledRuns runs, RunRedactors redactors, RunScheduler scheduler,
    TimeProvider time)
{
    /// <summary>Yes or no to an approval. Whoever started the run never answers it, and only those named may.</summary>
    public Task<Result<Done>> DecideAsync(
        Guid id, bool approve, string? comment, Actor actor,
        CancellationToken cancellation) => AnswerAsync(id, (run, wait) =>
    {
        if (wait.Kind != WaitKind.Approval) return RunErrors.NoApproval(id);
        if (MayNotDecide([run.CreatedBy, run.ActsFor], wait, actor) is { } refused) return refused;
        return new RunSignal
        {
            RunId = id, Key = wait.Key, Outcome = approve ? WaitOutcome.Approved : WaitOutcome.Rejected,
            At = time.Now(), By = actor.Ref.ToString(),
            Comment = comment is null ? null : redactors.Of(run).Redact(comment)
        };
    }, actor, cancellation);

    /// <summary>Tells an event that a run waits for. Asked of who may change runs of that owner.</summary>
    /// <param name="data">Becomes the output of the step; null for none. At most 64 KiB.</param>
    public async Task<Result<Done>> TellAsync(
        Guid id, string name, JsonObject? data, Actor actor, CancellationToken cancellation)
    {
        if (data?.ToJsonString().Length > 64 * 1024)
        {
            return Error.Invalid("event-too-large", "The event's data is larger than 64 KiB. Send a reference to it.");
        }
        if (!(await runs.ReadAsync(id, actor, cancellation)).TryGet(out _, out var refused)) return refused;
        return await AnswerAsync(id, (run, wait) => wait.Kind == WaitKind.Event && wait.Event == name
            ? new RunSignal
            {
                RunId = id, Key = wait.Key, Outcome = WaitOutcome.Received, At = time.Now(), By = actor.Ref.ToString(),
                Data = redactors.Of(run).RedactJson(data?.ToJsonString())
            }
            : RunErrors.NoSuchEvent(id, name), actor, cancellation);
    }

    /// <summary>Its time is over: it goes on without the answer.</summary>
    /// <param name="id">The run.</param>
    /// <param name="now">By the database's clock.</param>
    /// <param name="cancellation">Ends the wait for the row.</param>
    internal Task<Result<Done>> ElapsedAsync(Guid id, DateTimeOffset now, CancellationToken cancellation) =>
        AnswerAsync(id, (run, wait) => run.WakeAt > now
            ? RunErrors.NotWaiting(id)
            : new RunSignal
            {
                RunId = id, Key = wait.Key, Outcome = WaitOutcome.Elapsed, At = time.Now()
            }, Actor.System, cancellation);

    /// <summary>Why the person may not answer the approval; null when they may.</summary>
    /// <param name="askers">Who started the run, then who retried it.</param>
    public static Error? MayNotDecide(IReadOnlyList<string> askers, RunWait wait, Actor actor)
    {
        if (actor.IsNobody) return Access.Authorise.NotSignedIn;
        if (askers.Any(a => EntityRef.Parse(a) == actor.Ref))
        {
            return Error.Forbidden(
                "own-approval",
                $"You {(EntityRef.Parse(askers[0]) == actor.Ref ? "started" : "retried")} this run, so somebody else has to decide.");
        }
        return wait.ApproverKeys().Intersect(actor.Keys, StringComparer.Ordinal).Any()
            ? null
            : Error.Forbidden("not-approver", $"Only {string.Join(", ", wait.Approvers)} may decide this.");
    }

    private async Task<Result<Done>> AnswerAsync(
        Guid id, Func<Run, RunWait, Result<RunSignal>> answer, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var run = await db.Set<Run>().FromSql($"select * from runs where id = {id} for update")
            .SingleOrDefaultAsync(cancellation);
        if (run is null) return RunErrors.NotFound(id);
        if (run.Status != RunStatus.Waiting || run.Wait is null) return RunErrors.NotWaiting(id);
        if (!answer(run, JsonSerializer.Deserialize<RunWait>(run.Wait, Json.Options)!).TryGet(
            out var signal, out var error))
        {
            return error;
        }
        run.Wake();
        db.Add(signal);
        var said = signal.By is null
            ? "The time to wait is over."
            : $"{actor.DisplayName} {Word(signal.Outcome)}{(signal.Comment is { Length: > 0 } why ? $": {why}" : ".")}";
        db.Add(new RunEvent
        {
            RunId = id, Number = run.NextEvent(), At = time.Now(), Type = RunEventType.Status, Message = said,
            Status = "queued"
        });
        var owner = EntityRef.Owner(run.Owner);
        await db.SaveAuditedAsync(time, cancellation, new AuditEntry(
            actor, $"run.{signal.Outcome.ToString().ToLowerInvariant()}", $"run:{id}", $"{run.Title}: {said}", owner));
        await RunListener.ChangedAsync(db, id, cancellation);
        await transaction.CommitAsync(cancellation);
        // A crash before this line leaves a queued row, which the sweep schedules.
        await scheduler.ScheduleAsync(id, CancellationToken.None);
        return Done.Instance;
    }

    private static string Word(WaitOutcome outcome) => outcome switch
    {
        WaitOutcome.Approved => "approved",
        WaitOutcome.Rejected => "rejected",
        WaitOutcome.Received => "told the event",
        _ => "let the time pass",
    };
}
