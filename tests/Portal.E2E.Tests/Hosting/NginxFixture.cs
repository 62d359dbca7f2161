using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.E2E.Tests.Hosting;

/// <summary>A real nginx with the shipped configuration, before small servers that say who they are.</summary>
public sealed class NginxFixture : IAsyncLifetime
{
    private readonly List<WebApplication> nodes = [];
    private NginxProxy? nginx;

    /// <summary>Completes when the reader has seen the first event; the second is sent only then.</summary>
    public TaskCompletionSource FirstEventSeen { get; private set; } = new();

    public Uri Address => nginx!.Address;

    public async ValueTask InitializeAsync()
    {
        for (var i = 1; i <= 3; i++) nodes.Add(await StartNodeAsync($"node-{i}"));
        nginx = await NginxProxy.StartAsync(nodes.Select(AddressOf));
    }

    public Task StopNodeAsync(string name) =>
        nodes[int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture) - 1].StopAsync();

    public void ExpectEvents() => FirstEventSeen = new TaskCompletionSource();

    public async ValueTask DisposeAsync()
    {
        if (nginx is not null) await nginx.DisposeAsync();
        foreach (var node in nodes) await node.DisposeAsync();
    }

    private async Task<WebApplication> StartNodeAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var node = builder.Build();
        node.Urls.Add("http://127.0.0.1:0");
        node.UseWebSockets();
        node.MapGet("/", (HttpRequest request) => $"{name} {request.Host}");
        node.MapPost("/length", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return body.Length;
        });
        node.MapGet("/events", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: first\n\n");
            await context.Response.Body.FlushAsync();
            await FirstEventSeen.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("data: second\n\n");
        });
        node.Map("/socket", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync(
                System.Text.Encoding.UTF8.GetBytes(name), System.Net.WebSockets.WebSocketMessageType.Text,
                endOfMessage: true, context.RequestAborted);
            await socket.CloseAsync(
                System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await node.StartAsync();
        return node;
    }

    private static Uri AddressOf(WebApplication node) =>
        new(node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
