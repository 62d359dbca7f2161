using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Quartz;

namespace Portal.Core.GoldenPaths.Runs.Execution;

/// <summary>Quartz wakes it on some replica; the run's row is the truth.</summary>
[DisallowConcurrentExecution]
internal sealed class RunJob(RunExecutor executor) : IJob
{
    internal const string RunKey = "run";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await executor.ExecuteAsync(Guid.Parse(context.MergedJobDataMap.GetString(RunKey)!), cancellationToken);
}

/// <summary>Puts runs into Quartz, which alone decides who executes them and when.</summary>
public sealed class RunScheduler(ISchedulerFactory factory)
{
    private const string Group = "runs";

    internal static JobKey KeyOf(Guid run) => new(run.ToString("N"), Group);

    public async Task ScheduleAsync(Guid run, CancellationToken cancellation)
    {
        var scheduler = await factory.GetScheduler(cancellation);
        var job = JobBuilder.Create<RunJob>().WithIdentity(KeyOf(run)).UsingJobData(RunJob.RunKey, run.ToString("N")).RequestRecovery().Build();
        var trigger = TriggerBuilder.Create().WithIdentity(run.ToString("N"), Group).StartNow().Build();
        try
        {
            await scheduler.ScheduleJob(job, trigger, cancellationToken: cancellation);
        }
        catch (ObjectAlreadyExistsException)
        {
            // It is scheduled already.
        }
    }

    internal async Task<bool> IsScheduledAsync(Guid run, CancellationToken cancellation) =>
        await (await factory.GetScheduler(cancellation)).Exists(KeyOf(run), cancellation);
}

/// <summary>Schedules again what the rows say should run and no job holds: after a crash between the two, or a retry.</summary>
[DisallowConcurrentExecution]
internal sealed class RunSweepJob(IDbContextFactory<PortalDbContext> database, RunScheduler scheduler, TimeProvider time, ILogger<RunSweepJob> log) : IJob
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var before = time.GetUtcNow() - Grace;
        var open = await db.Set<Run>()
            .Where(r => (r.Status == RunStatus.Queued || r.Status == RunStatus.Running) && r.CreatedAt < before)
            .Select(r => r.Id).ToListAsync(cancellationToken);
        foreach (var run in open)
        {
            if (await scheduler.IsScheduledAsync(run, cancellationToken)) continue;
            log.LogWarning("Run {Run} was held by no job and is scheduled again", run);
            await scheduler.ScheduleAsync(run, cancellationToken);
        }
    }
}
