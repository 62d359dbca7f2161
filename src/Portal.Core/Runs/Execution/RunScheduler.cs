using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>Puts runs into Quartz, which alone decides which replica looks at them and when.</summary>
public sealed class RunScheduler(ISchedulerFactory factory)
{
    private const string Group = "runs";

    /// <summary>
    /// A job that ends between two statements, so often in a row, does not; the sweep would find the run.
    /// </summary>
    private const int Attempts = 3;

    internal static JobKey KeyOf(Guid run) => new(run.ToString("N"), Group);

    public Task ScheduleAsync(Guid run, CancellationToken cancellation) =>
        ScheduleAsync(run, TimeSpan.Zero, cancellation);

    /// <summary>
    /// Once after <paramref name="delay"/>; a job that is at it ends first. Twice is harmless: the run is taken once.
    /// </summary>
    internal async Task ScheduleAsync(Guid run, TimeSpan delay, CancellationToken cancellation)
    {
        var scheduler = await factory.GetScheduler(cancellation);
        var key = KeyOf(run);
        var job = JobBuilder.Create<RunJob>().WithIdentity(key).UsingJobData(RunJob.RunKey, run.ToString("N"))
            .RequestRecovery().Build();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryAsync(
                () => scheduler.ScheduleJob(job, Trigger("first", delay).Build(), cancellationToken: cancellation)))
            {
                return;
            }
            // Its job is still there, perhaps about to end: a second trigger outlives it.
            if (await AgainAsync()) return;
        }

        async Task<bool> AgainAsync()
        {
            try
            {
                // Whether that trigger is new or waits already: somebody looks at the run after the job that is at it.
                await TryAsync(() => scheduler.ScheduleJob(
                    Trigger("again", delay).ForJob(key).Build(), cancellationToken: cancellation));
                return true;
            }
            catch (JobPersistenceException)
            {
                // A trigger needs its job. When that has ended meanwhile, there is room for the first again.
                if (await scheduler.Exists(key, cancellation)) throw;
                return false;
            }
        }

        // By the scheduler's own clock, whatever the portal's says.
        TriggerBuilder<IJob> Trigger(string which, TimeSpan after) =>
            TriggerBuilder.Create().WithIdentity($"{run:N}-{which}", Group)
                .StartAt(TimeProvider.System.GetUtcNow() + after);
    }

    internal async Task<bool> IsScheduledAsync(Guid run, CancellationToken cancellation) =>
        await (await factory.GetScheduler(cancellation)).Exists(KeyOf(run), cancellation);

    /// <summary>False when it is there already.</summary>
    private static async Task<bool> TryAsync(Func<ValueTask<DateTimeOffset>> schedule)
    {
        try
        {
            await schedule();
            return true;
        }
        catch (ObjectAlreadyExistsException)
        {
            return false;
        }
    }
}
