using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// Writes what happens in a run, for the holder of one fencing token. Each transaction starts by locking the run's row
/// and comparing the token: whoever lost the run can write nothing any more. Log lines and step changes are gathered
/// for a moment and written together; what must be there before or after an effect is written at once.
/// </summary>
internal sealed class RunWriter(
    IDbContextFactory<PortalDbContext> database, TimeProvider time, Guid runId, long token, SecretRedactor redactor,
    Func<SecretRedactor, byte[]?> seal) : IAsyncDisposable
{
    private static readonly TimeSpan GatherFor = TimeSpan.FromMilliseconds(60);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly List<RunEvent> events = [];
    private readonly Dictionary<int, RunStep> steps = [];
    private FileTree? workspace;
    private int madeKept = redactor.Made.Count;
    private Task? pending;
    private Exception? failure;

    public Guid RunId => runId;

    public SecretRedactor Redactor => redactor;

    public void Event(RunEventType type, string? stepId, string message, string? status = null)
    {
        lock (gate)
        {
            // The number is given under the row's lock, when the event is written.
            events.Add(new RunEvent
            {
                RunId = runId, Number = 0, At = time.Now(), Type = type, StepId = stepId, Status = status,
                Message = redactor.Redact(message),
            });
            Schedule();
        }
    }

    public void Step(RunStep step)
    {
        lock (gate)
        {
            steps[step.Position] = step;
            Schedule();
        }
    }

    /// <summary>Stored with the next write, in one transaction with the step that made it.</summary>
    public void Workspace(FileTree tree)
    {
        lock (gate) workspace = tree;
    }

    public Task FlushAsync(CancellationToken cancellation) =>
        WriteAsync((_, _) => [], keepWorkspace: true, cancellation, waitForDisk: false);

    /// <summary>Everything gathered and the given change, in one transaction.</summary>
    /// <param name="change">Gets the locked run and returns the audit entries of what it changes.</param>
    /// <param name="waitForDisk">
    /// False where a server that loses its power may forget it: only together with all that came after, and an intent,
    /// a wait or an end always waits. What is forgotten is looked for again.
    /// </param>
    public async Task WriteAsync(
        Func<PortalDbContext, Run, IReadOnlyList<AuditEntry>> change, bool keepWorkspace,
        CancellationToken cancellation, bool waitForDisk = true)
    {
        if (failure is not null) throw failure;
        await writing.WaitAsync(cancellation);
        try
        {
            (List<RunEvent> newEvents, List<RunStep> changedSteps, FileTree? tree) gathered;
            lock (gate)
            {
                gathered = ([.. events], [.. steps.Values], workspace);
                events.Clear();
                steps.Clear();
                workspace = null;
            }
            await using var db = await database.CreateDbContextAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var run = await db.Set<Run>().FromSql($"select * from runs where id = {runId} for update")
                .SingleAsync(cancellation);
            if (run.Token != token) throw new LostRunException(runId);
            foreach (var e in gathered.newEvents) db.Add(Numbered(e, run.NextEvent()));
            foreach (var step in gathered.changedSteps) db.Update(step);
            if (keepWorkspace && gathered.tree is { } toKeep) await StoreWorkspaceAsync(db, toKeep, cancellation);
            KeepMade(run);
            var audit = change(db, run);
            // The run's row is locked already; only the chain of the audit log is taken after it.
            await db.SaveAuditedAsync(
                time, cancellation, [.. audit.Select(a => a with { Summary = redactor.Redact(a.Summary) })]);
            await RunListener.ChangedAsync(db, runId, cancellation, waitForDisk);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception e)
        {
            // What was gathered is gone from memory, so nobody may go on as if it had been written: the run is taken up
            // again from what the database holds.
            failure = e;
            throw;
        }
        finally
        {
            writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What is gathered is written at once: whoever ends a run makes room for the next.
        Task? last;
        lock (gate) last = pending;
        await closing.CancelAsync();
        if (last is not null) await last;
        // A write that had begun by itself ends first.
        await writing.WaitAsync();
        writing.Dispose();
    }

    private void Schedule() => pending ??= FlushLaterAsync();

    private async Task FlushLaterAsync()
    {
        try
        {
            await Task.Delay(GatherFor, time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (gate)
            {
                pending = null;
                if (events.Count == 0 && steps.Count == 0) return;
            }
            await FlushAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure ??= e;
        }
    }

    /// <summary>Before anything is shown that could hold it.</summary>
    private void KeepMade(Run run)
    {
        if (redactor.Made.Count is var now && now == madeKept) return;
        (run.MadeOfSecrets, madeKept) = (seal(redactor), now);
    }

    private async Task StoreWorkspaceAsync(PortalDbContext db, FileTree tree, CancellationToken cancellation)
    {
        var archive = tree.ToArchive();
        await db.Database.ExecuteSqlAsync(
            $"insert into run_workspaces (run_id, archive) values ({runId}, {archive}) on conflict (run_id) do update set archive = excluded.archive",
            cancellation);
    }

    private static RunEvent Numbered(RunEvent e, long number) =>
        new()
        {
            RunId = e.RunId, Number = number, At = e.At, Type = e.Type, StepId = e.StepId, Status = e.Status,
            Message = e.Message
        };
}

/// <summary>Somebody else has taken the run: whoever sees this stops and writes nothing.</summary>
internal sealed class LostRunException(Guid run) : Exception($"Run {run} was taken over by another holder.");
