using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
        return services;
    }

    internal static bool IsEnabled(IConfiguration configuration) => configuration.GetValue(LocalOptions.Section + ":Enabled", true);
}
