using Portal.Web.Environments;
using Portal.Web.Home;
using Portal.Web.Layout;

namespace Portal.Web.Catalog;

/// <summary>Registration of what the pages of the catalog, and the search over everything, need.</summary>
internal static class CatalogPagesSetup
{
    public static void AddCatalogPages(this IServiceCollection services)
    {
        services.AddHostedService<LoadSample>();
        services.AddSingleton<ReadService>();
        services.AddSingleton<ReadHome>();
        services.AddScoped<ISearchSource, EntitySearch>();
        services.AddScoped<ISearchSource, EnvironmentSearch>();
    }
}
