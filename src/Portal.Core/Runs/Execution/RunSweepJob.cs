using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Replicas;
using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// Makes true what the rows say: schedules what is due and held by no job, wakes what has waited long enough, erases
/// secrets that no retry will need. Whatever crashed between two steps is found here.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class RunSweepJob(
    IDbContextFactory<PortalDbContext> database, RunScheduler scheduler, WakeRun wake, IOptions<RunOptions> options,
    IClocks clocks, DestructionGuard guard,
    ILogger<RunSweepJob> log) : IJob
{
    /// <summary>A run that was just made is scheduled by who made it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            log.LogWarning("The sweep over the runs waits for the database: {Message}", e.Message);
        }
    }

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = await clocks.DatabaseAsync(cancellation);
        await using var db = await database.CreateDbContextAsync(cancellation);
        // What a holder said last counts: its row stays for long after it is gone.
        var alive = await db.Database.SqlQuery<Guid>(
            $"select incarnation as \"Value\" from replicas where seen_at > clock_timestamp() - make_interval(secs => {ReplicaLease.DeadAfter})")
            .ToListAsync(cancellation);
        var due = await db.Set<Run>()
            .Where(r => (r.Status == RunStatus.Queued && r.CreatedAt < now - Grace)
                || ((r.Status == RunStatus.Running || r.Status == RunStatus.Undoing)
                && (r.HeldBy == null || !alive.Contains(r.HeldBy.Value))))
            .OrderBy(r => r.CreatedAt).Take(1_000)
            .Select(r => new { r.Id, r.CreatedAt, Queued = r.Status == RunStatus.Queued })
            .ToListAsync(cancellation);
        foreach (var run in due)
        {
            if (await scheduler.IsScheduledAsync(run.Id, cancellation)) continue;
            log.LogWarning("Run {Run} was held by no job and is scheduled again", run.Id);
            await scheduler.ScheduleAsync(run.Id, cancellation);
        }
        if (await guard.NowAsync(cancellation) is { } sure)
        {
            foreach (var id in await db.Set<Run>().Where(r => r.Status == RunStatus.Waiting && r.WakeAt <= sure)
                .Select(r => r.Id).ToListAsync(cancellation))
            {
                await wake.ElapsedAsync(id, sure, cancellation);
            }
            await ForgetSecretsAsync(db, sure, cancellation);
        }
        await MeasureAsync(
            db, due.Where(r => r.Queued).Select(r => now - r.CreatedAt).DefaultIfEmpty().Max(), cancellation);
    }

    private Task ForgetSecretsAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - TimeSpan.FromHours(options.Value.KeepSecretsHours);
        return db.Set<Run>().Where(r => (r.Secrets != null || r.MadeOfSecrets != null)
            && (r.Status == RunStatus.Failed || r.Status == RunStatus.Cancelled || r.Status == RunStatus.UndoFailed)
            && r.FinishedAt < before)
            .ExecuteUpdateAsync(
                s => s.SetProperty(r => r.Secrets, (byte[]?)null).SetProperty(r => r.MadeOfSecrets, (byte[]?)null),
                cancellation);
    }

    private static async Task MeasureAsync(PortalDbContext db, TimeSpan oldest, CancellationToken cancellation)
    {
        var open = await db.Set<Run>().Where(r => r.Status == RunStatus.Queued || r.Status == RunStatus.Running
            || r.Status == RunStatus.Waiting || r.Status == RunStatus.Undoing)
            .GroupBy(r => r.Status).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(
                g => g.Key, g => g.Count, cancellation);
        RunTelemetry.Queue(oldest, open);
    }
}
