using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.TestKit;

namespace Portal.E2E.Tests.Hosting;

/// <summary>A real nginx with the shipped configuration, before small servers that say who they are.</summary>
public sealed class NginxFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("portal-nginx-").FullName;
    private readonly List<WebApplication> nodes = [];
    private Process? nginx;

    /// <summary>Completes when the reader has seen the first event; the second is sent only then.</summary>
    public TaskCompletionSource FirstEventSeen { get; private set; } = new();

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        for (var i = 1; i <= 3; i++) nodes.Add(await StartNodeAsync($"node-{i}"));
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        Directory.CreateDirectory(Path.Combine(folder, "temp"));
        // As root nginx has a user of its own for its workers.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
        File.Copy(RepositoryRoot.Combine("deploy", "nginx", "nginx.conf"), Path.Combine(folder, "nginx.conf"));
        await File.WriteAllTextAsync(Path.Combine(folder, "listen.conf"), $"listen {Address.Authority};\n");
        await File.WriteAllLinesAsync(Path.Combine(folder, "upstream.conf"), nodes.Select(node => $"server {AddressOf(node).Authority} max_fails=1 fail_timeout=2s;"));
        nginx = Process.Start(new ProcessStartInfo("nginx", ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", "stderr", "-g", "daemon off;"]))!;
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await client.GetStringAsync(Address)).Length > 0;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "nginx");
    }

    public Task StopNodeAsync(string name) => nodes[int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture) - 1].StopAsync();

    public void ExpectEvents() => FirstEventSeen = new TaskCompletionSource();

    public async ValueTask DisposeAsync()
    {
        if (nginx is { HasExited: false })
        {
            using (var quit = Process.Start("/bin/kill", ["-TERM", nginx.Id.ToString(CultureInfo.InvariantCulture)])) await quit.WaitForExitAsync();
            await nginx.WaitForExitAsync();
        }
        nginx?.Dispose();
        foreach (var node in nodes) await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
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
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(name), System.Net.WebSockets.WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await node.StartAsync();
        return node;
    }

    private static Uri AddressOf(WebApplication node) => new(node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
