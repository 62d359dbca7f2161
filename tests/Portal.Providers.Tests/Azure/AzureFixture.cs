using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Providers.Azure;
using Portal.TestKit;
using Portal.TestKit.Azure;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Azure;

/// <summary>A world of Azure and the adapter as the portal registers it.</summary>
public sealed class AzureFixture : IAsyncLifetime
{
    public const string Instance = "azure";

    private AzureWorld? world;
    private ServiceProvider? provider;

    public AzureWorld World => world!;

    public IServiceProvider Services => provider!;

    /// <summary>Beside what the world needs: keys below the instance.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IEnvironmentHost Environments => Capability<IEnvironmentHost>();

    public async ValueTask InitializeAsync()
    {
        world = await AzureWorld.StartAsync();
        provider = Start(World, Settings);
    }

    public T Capability<T>()
        where T : class, IProvider => Services.GetServices<IProvider>().OfType<T>().Single(p => p.Instance == Instance);

    /// <summary>Whatever is asked of the world fails so, until <see cref="Mend"/>.</summary>
    /// <param name="refused">What the identity may not do when it is refused.</param>
    public bool Fail(HostFailure failure, params string[] refused)
    {
        World.Faults.Everywhere = failure switch
        {
            HostFailure.Down => AzureFault.FailBefore,
            HostFailure.Silent => AzureFault.HangAfter,
            _ => null,
        };
        if (failure == HostFailure.Refuses) World.Rules.Forbidden.UnionWith(refused);
        return true;
    }

    public void Mend()
    {
        World.Faults.Everywhere = null;
        World.Rules.Forbidden.Clear();
    }

    /// <summary>Another portal on the same world.</summary>
    public static ServiceProvider Start(AzureWorld world, IReadOnlyDictionary<string, string?> settings)
    {
        var all = world.Settings(Instance);
        all[$"Portal:Providers:{Instance}:Definitions"] = Path.Combine(
            RepositoryRoot.Path, "templates", "environments");
        foreach (var (key, value) in settings) all[$"Portal:Providers:{Instance}:{key}"] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddAzureProvider(configuration);
        // In the product the machine trusts Azure's certificates; here the world's are trusted.
        foreach (var client in (string[])
        [
            $"provider:{Instance}", $"provider:{Instance}:costs", $"provider:{Instance}:sign-in"
        ])
        {
            services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(world.TrustingHandler);
        }
        return services.BuildServiceProvider();
    }

    public static T Of<T>(IServiceProvider services)
        where T : class, IProvider => services.GetServices<IProvider>().OfType<T>().Single();

    public async ValueTask DisposeAsync()
    {
        await provider!.DisposeAsync();
        await World.DisposeAsync();
    }
}
