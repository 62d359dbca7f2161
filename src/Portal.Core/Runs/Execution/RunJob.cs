using Portal.Core.Replicas;
using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>Quartz wakes it on some replica; the run's row is the truth.</summary>
[DisallowConcurrentExecution]
internal sealed class RunJob(
    RunExecutor executor, RunScheduler scheduler, ReplicaLease lease, Drain drain, TimeProvider time) : IJob
{
    internal const string RunKey = "run";

    /// <summary>
    /// Before it is tried again after the database or the lease was lost; doubled each time, up to the last.
    /// </summary>
    private static readonly TimeSpan FirstBreath = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(30);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var run = Guid.Parse(context.MergedJobDataMap.GetString(RunKey)!);
        var breath = FirstBreath;
        try
        {
            while (!await IsDoneAsync(run, await executor.ExecuteAsync(run, cancellationToken), breath)) breath =
                breath < LastBreath ? 2 * breath : LastBreath;
        }
        catch (OperationCanceledException) when (drain.Stopping.IsCancellationRequested)
        {
            // The sweep finds it by its row.
        }
    }

    private async Task<bool> IsDoneAsync(Guid run, Attempt attempt, TimeSpan breath)
    {
        switch (attempt.End)
        {
            case AttemptEnd.HeldElsewhere:
                // Its holder renews its lease, then this look was in vain; or it does not, then the run is free by
                // then.
                await Task.Delay(attempt.After, time, drain.Stopping);
                return false;
            case AttemptEnd.Interrupted:
                await Task.Delay(breath, time, drain.Stopping);
                await lease.ValidAsync(drain.Stopping);
                return false;
            case AttemptEnd.OverLimit:
                await scheduler.ScheduleAsync(run, attempt.After, CancellationToken.None);
                return true;
            default:
                return true;
        }
    }
}
