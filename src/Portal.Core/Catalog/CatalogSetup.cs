using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.AddSingleton<ICatalogWriter, CatalogWriter>().AddSingleton<ReadCatalog>().AddSingleton<SampleOrganisation>();
}
