using System.Text.Json.Nodes;
using Portal.Core.Audit;
using Portal.Core.Data.Clocks;
using Portal.Core.Replicas;
using Portal.Core.Shared;

namespace Portal.Core.Runs.Execution;

/// <summary>Everything of one attempt at one run: who writes, what may end it, how it ends.</summary>
internal sealed class RunAttempt : IAsyncDisposable
{
    private readonly HeldRun hold;
    private readonly CancellationTokenSource cancelled = new();
    private readonly CancellationTokenSource calls;
    private readonly CancellationTokenSource work;
    private readonly TimeProvider time;
    private readonly IClocks clocks;

    /// <param name="stopping">The process is asked to stop: between two calls.</param>
    /// <param name="drained">It cannot wait any longer: inside a call too.</param>
    public RunAttempt(
        TakenRun taken, JsonObject secrets, RunWriter writer, HeldRun hold, TimeProvider time, IClocks clocks,
        CancellationToken stopping,
        CancellationToken drained)
    {
        (Taken, Secrets, Writer, this.hold, this.time, this.clocks) = (taken, secrets, writer, hold, time, clocks);
        Owner = EntityRef.Owner(taken.Run.Owner);
        Journal = new RunJournal(taken.Journal, Owner, taken.Run.HeldBy!.Value, time)
        {
            WorkspaceVersion = taken.Workspace.Version,
        };
        calls = CancellationTokenSource.CreateLinkedTokenSource(cancelled.Token, hold.Lost, drained);
        work = CancellationTokenSource.CreateLinkedTokenSource(cancelled.Token, hold.Lost, stopping);
    }

    public TakenRun Taken { get; }

    public Run Run => Taken.Run;

    public JsonObject Secrets { get; }

    public RunWriter Writer { get; private set; }

    public RunJournal Journal { get; }

    public EntityRef? Owner { get; }

    /// <summary>For all that is not a call to the outside.</summary>
    public CancellationToken Work => work.Token;

    /// <summary>For calls to the outside.</summary>
    public CancellationToken Calls => calls.Token;

    public bool IsCancelled => cancelled.IsCancellationRequested;

    public bool IsLost => hold.Lost.IsCancellationRequested;

    public Task CancelAsync() => cancelled.CancelAsync();

    public Task CompleteAsync(string output) =>
        EndAsync("completed", "Completed.", r => r.Complete(output, time.Now()), keepWorkspace: false);

    public async Task FailAsync(string failure, FailureCause? cause = null)
    {
        var now = await ForgottenFromAsync();
        await EndAsync("failed", failure, r => r.Fail(failure, now, cause), keepWorkspace: true);
    }

    /// <summary>
    /// The writer of this attempt may be what is at fault: the end is written by another, when this one has ended.
    /// </summary>
    public async Task FailAfterFaultAsync(string failure, RunWriter fresh)
    {
        await Writer.DisposeAsync();
        Writer = fresh;
        await FailAsync(failure);
    }

    public async Task EndCancelledAsync()
    {
        var now = await ForgottenFromAsync();
        await EndAsync("cancelled", "Cancelled.", r => r.Cancel(now), keepWorkspace: true);
    }

    public Task EndUndoneAsync() => EndAsync(
        "undone", "Everything that this run made is taken away.", r => r.EndUndo(time.Now()), keepWorkspace: false);

    public Task FailUndoAsync(string failure) =>
        EndAsync("undo-failed", failure, r => r.FailUndo(failure, time.Now()), keepWorkspace: false);

    /// <summary>Any other replica may take it from here.</summary>
    public Task HandOverAsync() =>
        Writer.WriteAsync((_, row) => { row.HandOver(); return []; }, keepWorkspace: true, CancellationToken.None);

    /// <param name="asked">Its title is what a template made of its inputs.</param>
    public Task WaitAsync(RunWait asked)
    {
        var wait = asked with { Title = Writer.Redactor.Redact(asked.Title) };
        Writer.Event(RunEventType.Status, wait.StepId, wait.Title, "waiting");
        return Writer.WriteAsync(
            (_, row) =>
            {
                row.WaitFor(wait);
                return [new AuditEntry(
                    Actor.System, "run.waiting", $"run:{row.Id}", $"{row.Title}: {wait.Title}", Owner)];
            },
            keepWorkspace: true, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        hold.Dispose();
        calls.Dispose();
        work.Dispose();
        cancelled.Dispose();
    }

    /// <summary>
    /// Its secrets are forgotten so long after it has ended: by the database's clock, as all that goes by time.
    /// </summary>
    private Task<DateTimeOffset> ForgottenFromAsync() => clocks.DatabaseAsync(CancellationToken.None);

    private Task EndAsync(string status, string message, Action<Run> end, bool keepWorkspace)
    {
        RunTelemetry.Ended(status);
        Writer.Event(
            status is "failed" or "undo-failed" ? RunEventType.Error : RunEventType.Status, null, message, status);
        // The end is written whatever is being cancelled: a run that is over must say so.
        return Writer.WriteAsync(
            (_, row) =>
            {
                end(row);
                return [new AuditEntry(
                    Actor.System, $"{row.AuditKind}.{status}", $"run:{row.Id}", $"{row.Title}: {status}", Owner)];
            },
            keepWorkspace, CancellationToken.None);
    }
}
