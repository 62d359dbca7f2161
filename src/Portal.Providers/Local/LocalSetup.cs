using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Repositories;
using Portal.Providers.Local.Sharing;

namespace Portal.Providers.Local;

/// <summary>Registration of the embedded provider. Deleting this folder and this one line removes it.</summary>
public static class LocalSetup
{
    /// <summary>The name of the instance, as rows store it.</summary>
    public const string Instance = "local";

    public const string Type = "Local";

    public static IServiceCollection AddLocalProvider(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<LocalOptions>, LocalOptionsValidator>();
        services.AddOptions<LocalOptions>().BindConfiguration(LocalOptions.Section).ValidateOnStart();
        services.AddSingleton(new ProviderKind(Type));
        if (!IsEnabled(configuration)) return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalFolders>();
        services.TryAddSingleton<IPortalAddress, PortalAddress>();
        services.AddSharing();
        services.AddRepositories();
        services.AddLocalPipelines();
        services.AddEnvironments();
        return services;
    }

    private static void AddRepositories(this IServiceCollection services)
    {
        services.AddSingleton<LocalRepositories>();
        services.AddSingleton<IRepositoryHost>(provider => provider.GetRequiredService<LocalRepositories>());
        services.AddSingleton<IProvider>(provider => provider.GetRequiredService<LocalRepositories>());
        services.AddSingleton<IProvider, LocalBrowser>();
        services.AddSingleton<LocalPushWatch>();
        services.AddShared<IPushCheck, LocalPushWatch>();
        services.AddDuty<LocalPushWatch>();
        services.AddSingleton<GitBackend>();
        services.AddSingleton<IProvider>(
            provider => new LocalCatalogSource(provider.GetRequiredService<LocalRepositories>()));
    }

    private static void AddEnvironments(this IServiceCollection services)
    {
        services.AddSingleton<LocalEnvironments>();
        services.AddShared<IEnvironmentHost, LocalEnvironments>();
        services.AddSingleton<IProvider>(provider => provider.GetRequiredService<IEnvironmentHost>());
        services.AddSingleton<EnvironmentSupervisor>();
        services.AddDuty<EnvironmentSupervisor>();
    }

    internal static bool IsEnabled(IConfiguration configuration) =>
        configuration.GetValue(LocalOptions.Section + ":Enabled", true);
}
