using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Providers;
using Portal.Core.Providers.Checks;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Inbound;

public static class InboundSetup
{
    /// <summary>
    /// What providers tell, by themselves or by webhook: taken in, worked off, handed to the features.
    /// </summary>
    public static IServiceCollection AddInbound(this IServiceCollection services)
    {
        services.AddProviderEvents();
        services.AddSingleton<ReceiveDelivery>().AddSingleton<WorkOffDeliveries>().AddSingleton<ReadDeliveries>();
        services.AddQuartz(quartz =>
        {
            quartz.AddSweep<WorkOffJob>(WorkOffJob.Key, TimeSpan.FromSeconds(10));
            quartz.AddSweep<ForgetDeliveriesJob>(ForgetDeliveriesJob.Key, TimeSpan.FromHours(6));
        });
        return services;
    }

    /// <summary>
    /// Whoever tells something through <see cref="IProviderEvents"/> is heard by every
    /// <see cref="ProviderEventHandler"/>.
    /// </summary>
    public static IServiceCollection AddProviderEvents(this IServiceCollection services)
    {
        services.TryAddSingleton<IProviderEvents, ProviderEvents>();
        services.TryAddSingleton<ProviderChecks>();
        return services.AddSingleton<ProviderEventHandler, CheckChangedAccess>().AddHostedService<CheckProviders>();
    }
}

/// <summary>What an instance may do at its provider has changed: it is looked at again.</summary>
internal sealed class CheckChangedAccess(ProviderChecks checks) : ProviderEventHandler
{
    public override Task AccessChangedAsync(string instance, CancellationToken cancellation)
    {
        checks.Ask(instance);
        return Task.CompletedTask;
    }
}
