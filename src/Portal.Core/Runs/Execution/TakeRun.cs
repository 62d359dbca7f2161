using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Replicas;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>What an attempt starts from.</summary>
/// <param name="TakenOver">An earlier holder may have left a call open.</param>
internal sealed record TakenRun(
    Run Run, Dictionary<string, RunStep> Steps, List<JournalEntry> Journal, List<RunSignal> Signals,
    Workspace Workspace, bool TakenOver);

/// <summary>Takes a run for this replica: only one that nobody alive holds.</summary>
internal sealed class TakeRun(
    IDbContextFactory<PortalDbContext> database, ReplicaLease lease, IOptions<RunOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LimitPause = TimeSpan.FromSeconds(1);

    /// <returns>The run, or why it was not taken.</returns>
    public async Task<(TakenRun? Taken, Attempt? Otherwise)> TakeAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var run = await db.Set<Run>().FromSql($"select * from runs where id = {id} for update")
            .SingleOrDefaultAsync(cancellation);
        if (run is null || !run.IsDue) return (null, new Attempt(AttemptEnd.Over));
        if (await HolderLivesForAsync(db, run, cancellation) is { } wait)
        {
            return (null, new Attempt(AttemptEnd.HeldElsewhere, wait));
        }
        if (run.Status == RunStatus.Queued && await IsOverLimitAsync(db, run, cancellation))
        {
            return (null, new Attempt(AttemptEnd.OverLimit, LimitPause));
        }
        if (run.Attempt == 0) RunTelemetry.Queued(time.GetUtcNow() - run.CreatedAt);
        var takenOver = run.HeldBy is { } before && before != lease.Incarnation;
        run.Take(lease.Incarnation, time.Now());
        await db.SaveChangesAsync(cancellation);
        var steps = await db.Set<RunStep>().AsNoTracking().Where(s => s.RunId == id).ToDictionaryAsync(
            s => s.StepId, cancellation);
        // A first attempt has neither a journal, nor answers to what it waited for, nor a workspace.
        var first = run.Attempt == 1;
        var journal = first
            ? []
            : await db.Set<JournalEntry>().AsNoTracking().Where(j => j.RunId == id).ToListAsync(cancellation);
        var signals =
            first ? [] : await db.Set<RunSignal>().AsNoTracking().Where(s => s.RunId == id).ToListAsync(cancellation);
        var archive = first ? null : await db.Set<RunWorkspace>().Where(w => w.RunId == id).Select(w => w.Archive)
            .SingleOrDefaultAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (takenOver) RunTelemetry.TakenOver();
        var workspace = archive is null ? new Workspace() : new Workspace(FileTree.FromArchive(archive));
        return (new TakenRun(run, steps, journal, signals, workspace, takenOver), null);
    }

    /// <summary>For how long the holder may still be at it; null when nobody is.</summary>
    private async Task<TimeSpan?> HolderLivesForAsync(PortalDbContext db, Run run, CancellationToken cancellation)
    {
        if (run.HeldBy is not { } holder || holder == lease.Incarnation) return null;
        var row = await db.Database.SqlQuery<HolderRow>(
            $"""
            select host as "Host", process_id as "ProcessId", extract(epoch from clock_timestamp() - seen_at)::float8 as "Age"
            from replicas where incarnation = {holder}
            """)
            .SingleOrDefaultAsync(cancellation);
        if (row is null || lease.Identity.IsGone(row.Host, row.ProcessId) || row.Age >= ReplicaLease.DeadAfter)
        {
            return null;
        }
        return TimeSpan.FromSeconds(ReplicaLease.DeadAfter - Math.Max(0, row.Age));
    }

    /// <summary>About: two replicas that count at the same instant may let one more in.</summary>
    private async Task<bool> IsOverLimitAsync(PortalDbContext db, Run run, CancellationToken cancellation) =>
        await db.Set<Run>().CountAsync(r => r.Status == RunStatus.Running && r.CreatedBy == run.CreatedBy, cancellation)
            >= options.Value.AtOncePerPerson;

    private sealed record HolderRow(string Host, int ProcessId, double Age);
}
