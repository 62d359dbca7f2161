using Quartz;

namespace Portal.Core.Shared;

/// <summary>Durable jobs that run from the start on and then again and again, on whichever replica.</summary>
internal static class Sweeps
{
    public static void AddSweep<T>(this IQuartzBuilder quartz, JobKey key, TimeSpan interval) where T : class, IJob
    {
        quartz.AddJob<T>(j => j.WithIdentity(key).StoreDurably());
        quartz.AddTrigger(t => t.ForJob(key).WithIdentity(key.Name).StartNow()
            .WithSimpleSchedule(s => s.WithInterval(interval).RepeatForever()));
    }
}
