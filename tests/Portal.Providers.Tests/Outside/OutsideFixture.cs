using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.TestKit.Outside;
using Portal.TestKit.Outside.Adapter;

namespace Portal.Providers.Tests.Outside;

/// <summary>An outside world and its adapter.</summary>
public sealed class OutsideFixture : IAsyncLifetime
{
    private OutsideWorld? world;
    private ServiceProvider? provider;

    public OutsideWorld World => world!;

    /// <summary>Of one attempt, in seconds.</summary>
    public int TimeoutSeconds { get; init; } = 20;

    private ServiceProvider Services => provider!;

    public IRepositoryHost Repositories => Services.GetRequiredService<IRepositoryHost>();

    public IPipelineHost Pipelines => Services.GetRequiredService<IPipelineHost>();

    public IEnvironmentHost Environments => Services.GetRequiredService<IEnvironmentHost>();

    public async ValueTask InitializeAsync()
    {
        world = await OutsideWorld.StartAsync();
        var configuration =
            new ConfigurationManager { ["Portal:Providers:outside:Http:AttemptTimeoutSeconds"] = $"{TimeoutSeconds}" };
        provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddOutsideProvider(World.Address).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await World.DisposeAsync();
    }
}
