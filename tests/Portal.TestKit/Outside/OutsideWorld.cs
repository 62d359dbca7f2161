using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Shared;
using Portal.TestKit.Outside.Server;

namespace Portal.TestKit.Outside;

/// <summary>
/// A host with repositories, pipelines and environments that is nobody's: a real server on 127.0.0.1 that keeps
/// everything in memory, counts what it makes, and fails as it is told. It is no kinder than the real ones: asked
/// twice, it makes two.
/// </summary>
public sealed class OutsideWorld : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly OutsideState state;

    private OutsideWorld(WebApplication app, OutsideState state) => (this.app, this.state) = (app, state);

    /// <summary>Where its API answers.</summary>
    public Uri Address => new(app.Urls.Single());

    public OutsideFaults Faults { get; } = new();

    public OutsideLedger Ledger => state.Ledger;

    /// <summary>How long a pipeline takes; 0 = it has passed when it is asked for.</summary>
    public TimeSpan PipelineTime
    {
        get => state.PipelineTime;
        set => state.PipelineTime = value;
    }

    /// <summary>What there is now, in a fixed order: equal before and after a run that was undone.</summary>
    public IReadOnlyList<OutsideThing> Listing => state.Listing();

    public static async Task<OutsideWorld> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = null);
        var world = new OutsideWorld(builder.Build(), new OutsideState());
        world.Map();
        await world.app.StartAsync();
        return world;
    }

    /// <summary>A commit that somebody pushes to the default branch.</summary>
    /// <returns>Its SHA.</returns>
    public string Push(RepositoryName repository, string path, string text) => state.Push(repository, path, text);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private void Map()
    {
        app.UseRouting();
        app.UseMiddleware<FaultSwitch>(Faults, Ledger);
        app.MapRepositories(state);
        app.MapPipelines(state);
        app.MapEnvironments(state, () => Address);
    }
}
