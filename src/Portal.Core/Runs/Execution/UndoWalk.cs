using Polly;
using Portal.Core.Audit;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// Takes away what a run made, newest first, by its journal. What is undone is noted one by one, so a crash goes on
/// with the next.
/// </summary>
internal sealed class UndoWalk(EffectRegistry effects, TimeProvider time, IJournalFailPoints? failPoints = null)
{
    /// <param name="attempt">Ends between two entries when the process is asked to stop, never inside one.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <exception cref="ProviderException">An entry cannot be undone; those before it are.</exception>
    public async Task RunAsync(RunAttempt attempt, Actor actor)
    {
        var (writer, journal, calls) = (attempt.Writer, attempt.Journal, attempt.Calls);
        foreach (var entry in journal.ToUndo)
        {
            attempt.Work.ThrowIfCancellationRequested();
            var context = EffectContext.Of(entry, actor, m => writer.Event(RunEventType.Log, entry.StepId, m));
            await ReachedAsync(JournalBoundary.BeforeUndo, context, calls);
            await UndoAsync(journal, entry, context, calls);
            await ReachedAsync(JournalBoundary.AfterUndoCall, context, calls);
            entry.MarkUndone();
            writer.Event(RunEventType.Log, entry.StepId, $"Undid: {entry.Summary}");
            var audit = new AuditEntry(
                actor, "run.undone", $"run:{entry.RunId}", $"Undid: {entry.Summary}", journal.Owner);
            await writer.WriteAsync(
                (db, _) => { db.Update(entry); return [audit]; }, keepWorkspace: false, CancellationToken.None);
            await ReachedAsync(JournalBoundary.AfterUndoResult, context, calls);
        }
    }

    private async Task UndoAsync(RunJournal journal, JournalEntry entry, EffectContext context, CancellationToken calls)
    {
        try
        {
            var effect = effects.Of(entry);
            // A call that was made before it could be noted is still to be found.
            await journal.SettleAsync(entry, effect.Settle, calls);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(calls);
            limit.CancelAfter(effect.Deadline);
            var retries = Retries.Of(context.Log, $"Undo: {entry.Summary}", () => { });
            var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(retries).Build();
            await pipeline.ExecuteAsync(async token => await effect.UndoAsync(context, entry, token), limit.Token);
        }
        catch (ProviderException e)
        {
            throw new ProviderException(
                e.Error with { Message = $"{entry.Summary} could not be undone: {e.Message}" }, e);
        }
        catch (OperationCanceledException) when (!calls.IsCancellationRequested)
        {
            var message = $"{entry.Summary} could not be undone: there was no answer in time. Try again.";
            throw new ProviderException(new Error(ErrorKind.Unavailable, "undo-timeout", message));
        }
    }

    private ValueTask ReachedAsync(JournalBoundary boundary, EffectContext context, CancellationToken calls) =>
        failPoints is null ? default : failPoints.ReachedAsync(boundary, context.Id, calls);
}
