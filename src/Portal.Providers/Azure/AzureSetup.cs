using Portal.Core.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.GoldenPaths;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Providers.Azure.Adoption;
using Portal.Providers.Azure.Costs;
using Portal.Providers.Azure.Definitions;
using Portal.Providers.Azure.Environments;
using Portal.Providers.Azure.Federation;
using Portal.Providers.Http;

namespace Portal.Providers.Azure;

/// <summary>Registration of the Azure provider. Deleting this folder and this one line removes it.</summary>
public static class AzureSetup
{
    /// <summary>Every instance that is configured: <c>Portal:Providers:&lt;name&gt;:Type=Azure</c>.</summary>
    public static IServiceCollection AddAzureProvider(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new ProviderKind(AzureOptions.TypeName));
        var instances = configuration.GetSection("Portal:Providers").GetChildren()
            .Where(p => AzureOptions.TypeName.Equals(p["Type"], StringComparison.OrdinalIgnoreCase)).ToList();
        foreach (var section in instances) services.AddInstance(section.Key, section);
        if (instances.Count == 0) return services;
        services.AddSingleton<IAction, FederatedCredentialAction>();
        services.AddEffect<FederatedCredentialEffect, FederatedCredentialArgs, FederatedCredentialPut>();
        return services;
    }

    private static void AddInstance(this IServiceCollection services, string instance, IConfigurationSection section)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<AzureOptions>>(new AzureOptionsValidator(instance));
        services.AddOptions<AzureOptions>(instance).Bind(section).ValidateOnStart();
        // Addresses are whole: those of the cloud that the options name.
        services.AddProviderHttp(
            instance, new Uri("https://management.azure.com/"), http => http.AttemptTimeoutSeconds = 60);
        services.AddProviderHttp(
            AzureClients.CostClient(instance), new Uri("https://management.azure.com/"),
            http => http.AttemptTimeoutSeconds = 60)
            .AddHttpMessageHandler(() => new CostThrottle());
        services.AddHttpClient(AzureClients.SignInClient(instance)).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(
                () =>
                    new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        services.AddKeyedSingleton(instance, (provider, _) => Tools(provider, instance));
        services.AddCapability(instance, tools => new AzureEnvironments(tools));
        services.AddCapability(instance, tools => new AzureAdoption(tools));
        services.AddCapability(instance, tools => new AzureCosts(tools));
        services.AddCapability(instance, tools => new AzureCheck(tools));
        services.AddCapability(instance, tools => new FederatedCredentials(tools));
    }

    private static void AddCapability<T>(
        this IServiceCollection services, string instance, Func<AzureTools, T> make) where T : class, IProvider =>
        services.AddSingleton<IProvider>(provider => make(provider.GetRequiredKeyedService<AzureTools>(instance)));

    private static AzureTools Tools(IServiceProvider provider, string instance)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<AzureOptions>>().Get(instance);
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Portal.Providers.{instance}");
        var root = provider.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory;
        var definitions = DefinitionCatalog.Read(
            Path.GetFullPath(options.Definitions, root), options.DefaultDefinition, instance);
        foreach (var problem in definitions.Problems)
        {
            logger.LogWarning("{Instance}: environment definition left out: {Problem}", instance, problem);
        }
        var clients = new AzureClients(
            instance, options, provider.GetRequiredService<IHttpMessageHandlerFactory>(), logger);
        return new AzureTools(
            instance, options, clients, definitions, provider.GetRequiredService<TimeProvider>(), logger);
    }
}
