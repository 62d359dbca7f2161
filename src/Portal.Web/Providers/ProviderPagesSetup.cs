namespace Portal.Web.Providers;

internal static class ProviderPagesSetup
{
    public static void AddProviderPages(this IServiceCollection services) => services.AddSingleton<ReadProviders>();
}
