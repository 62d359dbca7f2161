using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Portal.Providers.Local.Sharing;

/// <summary>Registration of what the processes share that run on one folder.</summary>
internal static class SharingSetup
{
    public static IServiceCollection AddSharing(this IServiceCollection services) => services
        .AddSingleton<KeeperSocket>()
        .AddSingleton<KeeperServer>()
        .AddSingleton<KeeperCalls>()
        .AddSingleton<SharedCapabilities>()
        .AddSingleton<LocalKeeper>()
        .AddHostedService(provider => provider.GetRequiredService<LocalKeeper>());

    /// <summary>The capability, performed by the keeper wherever it is called.</summary>
    public static IServiceCollection AddShared<TCapability, TOwn>(this IServiceCollection services)
        where TCapability : class where TOwn : class, TCapability => services
        .AddSingleton(provider => new SharedCapability(typeof(TCapability), provider.GetRequiredService<TOwn>()))
        .AddSingleton(provider => SharedProxy.Make<TCapability>(
            provider.GetRequiredService<TOwn>(), provider.GetRequiredService<LocalKeeper>(),
            provider.GetRequiredService<KeeperCalls>()));

    /// <summary>
    /// Started when this process becomes the keeper, in the order of the registrations, and never before.
    /// </summary>
    public static IServiceCollection AddDuty<TDuty>(
        this IServiceCollection services) where TDuty : class, IHostedService =>
        services.AddSingleton(provider => new KeeperDuty(provider.GetRequiredService<TDuty>()));
}
