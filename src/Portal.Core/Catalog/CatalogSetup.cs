using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Discovery;

namespace Portal.Core.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.AddCatalogOptions().AddSingleton<ICatalogWriter, CatalogWriter>().AddSingleton<ReadCatalog>().AddSingleton<SampleOrganisation>()
            .AddDiscovery();

    private static IServiceCollection AddCatalogOptions(this IServiceCollection services)
    {
        services.AddOptions<CatalogOptions>().BindConfiguration(CatalogOptions.Section)
            .Validate(o => o.PeopleSources.TrueForAll(s => s.Split('/').Length == 3), $"{CatalogOptions.Section}:PeopleSources: write each as instance/organisation/name.")
            .ValidateOnStart();
        return services;
    }

    /// <summary>Finding descriptors; a provider that is an <see cref="Providers.ICatalogSource"/> belongs to it.</summary>
    private static IServiceCollection AddDiscovery(this IServiceCollection services) => services.AddSingleton<RegisterFound>()
        .AddSingleton<DiscoverRepositories>().AddSingleton<WakeDiscovery>().AddSingleton<ProposeDescriptor>().AddSingleton<ReadDiscovery>();
}
