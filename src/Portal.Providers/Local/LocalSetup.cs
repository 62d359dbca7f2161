using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Repositories;

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
        if (!IsEnabled(configuration)) return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalFolders>();
        services.AddSingleton<LocalAddress>();
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
        services.AddSingleton<LocalPushWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<LocalPushWatch>());
        services.AddSingleton<GitBackend>();
    }

    private static void AddEnvironments(this IServiceCollection services)
    {
        services.AddSingleton<LocalEnvironments>();
        services.AddSingleton<IEnvironmentHost>(provider => provider.GetRequiredService<LocalEnvironments>());
        services.AddSingleton<IProvider>(provider => provider.GetRequiredService<LocalEnvironments>());
        services.AddSingleton<EnvironmentSupervisor>();
        services.AddHostedService(provider => provider.GetRequiredService<EnvironmentSupervisor>());
    }

    internal static bool IsEnabled(IConfiguration configuration) => configuration.GetValue(LocalOptions.Section + ":Enabled", true);
}
