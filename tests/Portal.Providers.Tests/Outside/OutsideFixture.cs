using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.TestKit.Outside;
using Portal.TestKit.Outside.Adapter;

namespace Portal.Providers.Tests.Outside;

/// <summary>An outside world and its adapter.</summary>
public sealed class OutsideFixture : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public OutsideFixture()
    {
        World = OutsideWorld.StartAsync().GetAwaiter().GetResult();
        services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationManager()).AddLogging().AddOutsideProvider(World.Address).BuildServiceProvider();
    }

    public OutsideWorld World { get; }

    public IRepositoryHost Repositories => services.GetRequiredService<IRepositoryHost>();

    public IPipelineHost Pipelines => services.GetRequiredService<IPipelineHost>();

    public IEnvironmentHost Environments => services.GetRequiredService<IEnvironmentHost>();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await World.DisposeAsync();
    }
}
