using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;

namespace Portal.Core.Runs.Execution;

/// <summary>Takes a run and brings it, or its undoing, to its end from wherever an earlier attempt left it.</summary>
internal sealed class RunExecutor(
    TakeRun take, RunAttempts attempts, ForwardAttempt forward, UndoAttempt undo, CancelWatch cancels, Drain drain,
    ILogger<RunExecutor> log)
{
    private readonly ConcurrentDictionary<Guid, bool> running = new();

    /// <summary>One attempt. The run is over afterwards, or the answer says what has to come next.</summary>
    public async Task<Attempt> ExecuteAsync(Guid id, CancellationToken cancellation)
    {
        // A stop is heard at once, not when the scheduler has lost its patience with the job.
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.Stopping);
        if (!running.TryAdd(id, true)) return new Attempt(AttemptEnd.Over);
        try
        {
            var (taken, otherwise) = await take.TakeAsync(id, linked.Token);
            return taken is null ? otherwise! : await AttemptAsync(taken, linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            // Not even taken yet: it stays as it was.
            return new Attempt(AttemptEnd.HandedOver);
        }
        catch (LostRunException)
        {
            RunTelemetry.Fenced();
            LetGo(id);
            return new Attempt(AttemptEnd.Over);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            log.LogWarning("Run {Run} waits for the database: {Message}", id, e.Message);
            return new Attempt(AttemptEnd.Interrupted);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Not even its failure could be written. It must not stay held by a process that does nothing about it.
            log.LogError(e, "Run {Run} could not be brought to an end; it is taken up again", id);
            return new Attempt(AttemptEnd.Interrupted);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }

    /// <summary>
    /// Of the portal: neither the run's nor the outside's, nor one that another attempt will not meet.
    /// </summary>
    internal static bool IsFault(Exception e) =>
        e is not LostRunException and not OperationCanceledException && !DatabaseTrouble.Is(e);

    private async Task<Attempt> AttemptAsync(TakenRun taken, CancellationToken stopping)
    {
        var run = taken.Run;
        await using var attempt = attempts.Open(taken, stopping);
        await using var watch = cancels.Watch(run.Id, attempt);
        using var activity = RunTelemetry.Start(run);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await (run.Status == RunStatus.Undoing ? undo.ExecuteAsync(attempt) : forward.ExecuteAsync(attempt));
        }
        catch (OperationCanceledException) when (attempt.IsLost)
        {
            LetGo(run.Id);
            return new Attempt(AttemptEnd.Interrupted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !attempt.IsCancelled)
        {
            await attempt.HandOverAsync();
            return new Attempt(AttemptEnd.HandedOver);
        }
        finally
        {
            RunTelemetry.Attempted(Stopwatch.GetElapsedTime(started));
        }
    }

    private void LetGo(Guid run) =>
        log.LogWarning("Run {Run} is no longer held by this replica; whoever holds it now goes on with it", run);
}
