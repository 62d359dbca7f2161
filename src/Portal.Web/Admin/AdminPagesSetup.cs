namespace Portal.Web.Admin;

internal static class AdminPagesSetup
{
    public static void AddAdminPages(this IServiceCollection services) =>
        services.AddSingleton<ReadAdministration>().AddSingleton<ReadInstallation>();
}
