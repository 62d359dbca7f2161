using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Portal.Core.Webhooks;

public static class WebhooksSetup
{
    /// <summary>Deliveries of providers: taken in, worked off, read.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services) =>
        services.AddSingleton<ReceiveDelivery>().AddSingleton<WorkOffDeliveries>().AddSingleton<ReadDeliveries>();

    /// <summary>The sweeps, as jobs of the portal's scheduler.</summary>
    public static void AddWebhookJobs(this IQuartzBuilder quartz)
    {
        quartz.AddJob<WorkOffJob>(j => j.WithIdentity(WorkOffJob.Key).StoreDurably());
        quartz.AddTrigger(t => t.ForJob(WorkOffJob.Key).WithIdentity(WorkOffJob.Key.Name).StartNow().WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(10)).RepeatForever()));
        quartz.AddJob<ForgetDeliveriesJob>(j => j.WithIdentity(ForgetDeliveriesJob.Key).StoreDurably());
        quartz.AddTrigger(t => t.ForJob(ForgetDeliveriesJob.Key).WithIdentity(ForgetDeliveriesJob.Key.Name).StartNow().WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromHours(6)).RepeatForever()));
    }
}
