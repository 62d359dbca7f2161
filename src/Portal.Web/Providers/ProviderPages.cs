namespace Portal.Web.Providers;

internal static class ProviderPages
{
    public static void AddProviderPages(this IServiceCollection services) => services.AddSingleton<ReadProviders>();
}
