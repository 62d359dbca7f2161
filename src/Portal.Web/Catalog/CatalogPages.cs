namespace Portal.Web.Catalog;

/// <summary>Registration of what the catalog's pages need.</summary>
internal static class CatalogPages
{
    public static void AddCatalogPages(this IServiceCollection services)
    {
        services.AddHostedService<LoadSample>();
        services.AddSingleton<ReadService>();
    }
}
