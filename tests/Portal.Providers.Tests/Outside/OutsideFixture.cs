using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.TestKit.Conformance;
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

    /// <summary>Whatever is asked of the world fails so, until <see cref="Mend"/>.</summary>
    public bool Fail(HostFailure failure)
    {
        World.Faults.Everywhere = failure switch
        {
            HostFailure.Down => OutsideFault.FailBefore,
            HostFailure.Silent => OutsideFault.HangAfter,
            _ => OutsideFault.Refuse,
        };
        return true;
    }

    public void Mend() => World.Faults.Everywhere = null;

    public async ValueTask InitializeAsync()
    {
        world = await OutsideWorld.StartAsync();
        var configuration =
            new ConfigurationManager
            {
                ["Portal:Providers:outside:Http:AttemptTimeoutSeconds"] = $"{TimeoutSeconds}",
                ["Portal:Providers:outside:Http:RetryDelayMilliseconds"] = "1",
            };
        provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddOutsideProvider(World.Address).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await World.DisposeAsync();
    }
}
