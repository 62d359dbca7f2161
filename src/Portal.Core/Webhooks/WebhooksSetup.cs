using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Shared;
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
        quartz.AddSweep<WorkOffJob>(WorkOffJob.Key, TimeSpan.FromSeconds(10));
        quartz.AddSweep<ForgetDeliveriesJob>(ForgetDeliveriesJob.Key, TimeSpan.FromHours(6));
    }
}
