using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>Puts runs into Quartz, which alone decides which replica looks at them and when.</summary>
public sealed class RunScheduler(ISchedulerFactory factory)
{
    private const string Group = "runs";

    internal static JobKey KeyOf(Guid run) => new(run.ToString("N"), Group);

    public Task ScheduleAsync(Guid run, CancellationToken cancellation) => ScheduleAsync(run, TimeSpan.Zero, cancellation);

    /// <summary>Once after <paramref name="delay"/>; a job that is at it ends first. Twice is harmless: the run is taken once.</summary>
    internal async Task ScheduleAsync(Guid run, TimeSpan delay, CancellationToken cancellation)
    {
        var scheduler = await factory.GetScheduler(cancellation);
        var key = KeyOf(run);
        if (await TryAsync(() => scheduler.ScheduleJob(
            JobBuilder.Create<RunJob>().WithIdentity(key).UsingJobData(RunJob.RunKey, run.ToString("N")).RequestRecovery().Build(), Trigger("first", delay).Build(),
            cancellationToken: cancellation))) return;
        // Its job is still there, perhaps about to end: a second trigger outlives it.
        await TryAsync(() => scheduler.ScheduleJob(Trigger("again", delay).ForJob(key).Build(), cancellationToken: cancellation));

        // By the scheduler's own clock, whatever the portal's says.
        TriggerBuilder<IJob> Trigger(string which, TimeSpan after) =>
            TriggerBuilder.Create().WithIdentity($"{run:N}-{which}", Group).StartAt(TimeProvider.System.GetUtcNow() + after);
    }

    internal async Task<bool> IsScheduledAsync(Guid run, CancellationToken cancellation) =>
        await (await factory.GetScheduler(cancellation)).Exists(KeyOf(run), cancellation);

    private static async Task<bool> TryAsync(Func<ValueTask<DateTimeOffset>> schedule)
    {
        try
        {
            await schedule();
            return true;
        }
        catch (JobPersistenceException e) when (e is ObjectAlreadyExistsException || e.Message.Contains("does not exist", StringComparison.Ordinal) || e.Message.Contains("non-existing", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
