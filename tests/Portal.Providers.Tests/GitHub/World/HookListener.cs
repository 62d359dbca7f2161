using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Providers.Tests.GitHub.World;

/// <summary>Takes webhooks and keeps them.</summary>
internal sealed class HookListener : IAsyncDisposable
{
    private readonly WebApplication app;

    private HookListener(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single() + "/hooks");

    public ConcurrentQueue<(IHeaderDictionary Headers, string Body)> Received { get; } = new();

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 202;

    public static async Task<HookListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var listener = new HookListener(builder.Build());
        listener.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            listener.Received.Enqueue((new HeaderDictionary(context.Request.Headers.ToDictionary(
                h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)), await reader.ReadToEndAsync()));
            context.Response.StatusCode = listener.Status;
        });
        await listener.app.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
