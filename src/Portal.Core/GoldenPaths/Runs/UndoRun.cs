using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

/// <summary>Takes away what a failed or cancelled run made, newest first, by its journal.</summary>
public sealed class UndoRun(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, EffectRegistry effects, TimeProvider time)
{
    /// <summary>What would go, in the order in which it goes.</summary>
    public async Task<Result<IReadOnlyList<JournalEntry>>> PreviewAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if ((await LoadAsync(db, id, actor, cancellation)).Error is { } error) return error;
        return await EntriesAsync(db, id, cancellation);
    }

    /// <summary>Stops at the first thing that cannot be taken away and says which; what went before stays marked as undone.</summary>
    public async Task<Result<int>> ExecuteAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await LoadAsync(db, id, actor, cancellation)).TryGet(out var run, out var error)) return error;
        EntityRef.TryParse(run.Owner, "group", out var owner);
        var undone = 0;
        foreach (var entry in await EntriesAsync(db, id, cancellation))
        {
            var context = new EffectContext($"{id:N}-{entry.StepId}-{entry.Iteration}-{entry.Name}", id.ToString(), actor.Ref.ToString(), _ => { });
            try
            {
                await effects.UndoAsync(entry, context, cancellation);
            }
            catch (ProviderException e)
            {
                return e.Error with { Message = $"{entry.Summary} could not be undone: {e.Message}" };
            }
            db.Attach(entry);
            entry.MarkUndone();
            await db.SaveAuditedAsync(time, CancellationToken.None, new AuditEntry(actor, "run.undone", $"run:{id}", $"Undid: {entry.Summary}", owner));
            undone++;
        }
        return undone;
    }

    private async Task<Result<Run>> LoadAsync(PortalDbContext db, Guid id, Actor actor, CancellationToken cancellation)
    {
        var run = await db.Set<Run>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation);
        if (run is null) return RunErrors.NotFound(id);
        EntityRef.TryParse(run.Owner, "group", out var owner);
        if (EntityRef.Parse(run.CreatedBy) != actor.Ref
            && (await authorise.CheckAsync(actor, Permissions.RunChange, owner, cancellation)).Error is { } refused) return refused;
        return run.IsOver ? run : RunErrors.NotOver(run);
    }

    private static async Task<List<JournalEntry>> EntriesAsync(PortalDbContext db, Guid id, CancellationToken cancellation) =>
        await db.Set<JournalEntry>().AsNoTracking().Where(j => j.RunId == id && j.State != JournalState.Undone)
            .OrderByDescending(j => j.Order).ToListAsync(cancellation);
}
