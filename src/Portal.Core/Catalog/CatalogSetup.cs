using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Discovery;

namespace Portal.Core.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.AddSingleton<ICatalogWriter, CatalogWriter>().AddSingleton<ReadCatalog>().AddSingleton<SampleOrganisation>()
            .AddDiscovery();

    /// <summary>Finding descriptors; a provider that is an <see cref="Providers.ICatalogSource"/> belongs to it.</summary>
    private static IServiceCollection AddDiscovery(this IServiceCollection services) => services.AddSingleton<RegisterFound>()
        .AddSingleton<DiscoverRepositories>().AddSingleton<WakeDiscovery>().AddSingleton<ProposeDescriptor>().AddSingleton<ReadDiscovery>();
}
