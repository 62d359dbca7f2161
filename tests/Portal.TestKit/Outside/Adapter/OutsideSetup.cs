using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Providers.Http;

namespace Portal.TestKit.Outside.Adapter;

/// <summary>Registration of the provider that talks to an <see cref="OutsideWorld"/>.</summary>
public static class OutsideSetup
{
    /// <summary>The name of the instance, and the host in a <c>repoUrl</c>.</summary>
    public const string Instance = "outside";

    public const string Type = "Outside";

    /// <param name="address"><see cref="OutsideWorld.Address"/>.</param>
    public static IServiceCollection AddOutsideProvider(this IServiceCollection services, Uri address)
    {
        // Quick, for tests; Portal:Providers:outside:Http overrides it.
        services.AddProviderHttp(
            Instance, address, options => (options.AttemptTimeoutSeconds, options.RetryDelayMilliseconds) = (5, 50));
        services.AddSingleton(
            provider => new OutsideApi(provider.GetRequiredKeyedService<ProviderHttp>(Instance), address));
        services.AddSingleton<IRepositoryHost, OutsideRepositories>();
        services.AddSingleton<IPipelineHost, OutsidePipelines>();
        services.AddSingleton<IEnvironmentHost, OutsideEnvironments>();
        services.AddSingleton<IProvider>(
            provider => provider.GetServices<IRepositoryHost>().OfType<OutsideRepositories>().Single());
        services.AddSingleton<IProvider>(
            provider => provider.GetServices<IPipelineHost>().OfType<OutsidePipelines>().Single());
        services.AddSingleton<IProvider>(
            provider => provider.GetServices<IEnvironmentHost>().OfType<OutsideEnvironments>().Single());
        return services;
    }
}
