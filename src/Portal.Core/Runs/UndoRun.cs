using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>One change of a run and what undoing would do about it.</summary>
public sealed record UndoItem(JournalEntry Entry, UndoPreview Preview);

/// <summary>
/// Has taken away what a run made, newest first, by its journal: by the same executor that made it, so a crash does not
/// matter.
/// </summary>
public sealed class UndoRun(
    IDbContextFactory<PortalDbContext> database, ControlledRuns runs, EffectRegistry effects, RunScheduler scheduler,
    TimeProvider time)
{
    /// <summary>What would go and what stays, in the order in which it goes.</summary>
    public async Task<Result<IReadOnlyList<UndoItem>>> PreviewAsync(
        Guid id, Actor actor, CancellationToken cancellation)
    {
        if (!(await runs.ReadAsync(id, actor, cancellation)).TryGet(out var run, out var error)) return error;
        if (WhyNot(run) is { } impossible) return impossible;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var entries =
            await db.Set<JournalEntry>().AsNoTracking().Where(j => j.RunId == id && j.State != JournalState.Undone)
                .OrderByDescending(j => j.Order).ToListAsync(cancellation);
        // All at once: one provider that is slow keeps who looks no longer than its own time.
        return await Task.WhenAll(
            entries.Select(async entry => new UndoItem(entry, await PreviewAsync(entry, actor, cancellation))));
    }

    /// <summary>
    /// Begins; the run's page and events show how it goes. It stops at the first thing that cannot be taken away, and
    /// can be asked for again.
    /// </summary>
    public async Task<Result<Done>> StartAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        var changed = await runs.ChangeAsync(id, actor, "run.undo-requested", "asked to undo the run", run =>
        {
            if (WhyNot(run) is { } impossible) return impossible;
            run.StartUndo(actor.Ref.ToString());
            return null;
        }, cancellation);
        if (changed.IsOk) await scheduler.ScheduleAsync(id, CancellationToken.None);
        return changed;
    }

    private async Task<UndoPreview> PreviewAsync(JournalEntry entry, Actor actor, CancellationToken cancellation)
    {
        var looked = await ProviderQuery.AskAsync(
            entry.Provider, ProviderQuery.Short, time,
            token => effects.Of(entry).PreviewUndoAsync(EffectContext.Of(entry, actor, _ => { }), entry, token),
            cancellation);
        return looked.TryGet(out var preview, out var error)
            ? preview
            : UndoPreview.Goes($"{entry.Summary}: its provider cannot be asked now ({error.Message})");
    }

    private static Error? WhyNot(Run run) =>
        run.CanUndo
            ? null
            : run.Status is RunStatus.Undone or RunStatus.Undoing ? RunErrors.Undone(run) : RunErrors.NotOver(run);
}
