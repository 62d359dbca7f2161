using Quartz;

namespace Portal.Core.Shared;

/// <summary>Has a durable job run soon, on whichever replica: once, however often it is asked for meanwhile.</summary>
internal static class Waking
{
    /// <param name="what">What the job is to look at, handed over as <see cref="WhatKey"/>; null = all.</param>
    public static async Task WakeAsync(
        this ISchedulerFactory factory, JobKey job, CancellationToken cancellation, string? what = null)
    {
        var scheduler = await factory.GetScheduler(cancellation);
        // The trigger of a job that is at it is still there, perhaps about to go: a second one makes sure that it looks
        // again.
        if (!await TryAsync(scheduler, job, "soon", what, cancellation))
        {
            await TryAsync(scheduler, job, "again", what, cancellation);
        }
    }

    public const string WhatKey = "what";

    private static async Task<bool> TryAsync(
        IScheduler scheduler, JobKey job, string which, string? what, CancellationToken cancellation)
    {
        var trigger = TriggerBuilder.Create().ForJob(job)
            .WithIdentity(what is null ? $"{job.Name}-{which}" : $"{what}-{which}", $"{job.Name}-woken")
            .StartAt(TimeProvider.System.GetUtcNow());
        if (what is not null) trigger = trigger.UsingJobData(WhatKey, what);
        try
        {
            await scheduler.ScheduleJob(trigger.Build(), cancellationToken: cancellation);
            return true;
        }
        catch (ObjectAlreadyExistsException)
        {
            return false;
        }
        catch (JobPersistenceException)
        {
            if (await scheduler.Exists(job, cancellation)) throw;
            // A portal that starts for the first time knows its jobs a moment later, and they begin with a look at
            // everything.
            return true;
        }
    }
}
