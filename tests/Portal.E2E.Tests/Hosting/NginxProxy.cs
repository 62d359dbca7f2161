using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.TestKit;

namespace Portal.E2E.Tests.Hosting;

/// <summary>A real nginx with the shipped configuration, before the given servers.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("portal-nginx-").FullName;
    private Process? nginx;

    private NginxProxy()
    {
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    public static async Task<NginxProxy> StartAsync(IEnumerable<Uri> servers)
    {
        var proxy = new NginxProxy();
        Directory.CreateDirectory(Path.Combine(proxy.folder, "temp"));
        // As root nginx has a user of its own for its workers.
        File.SetUnixFileMode(proxy.folder, (UnixFileMode)0b111_001_001);
        File.Copy(RepositoryRoot.Combine("deploy", "nginx", "nginx.conf"), Path.Combine(proxy.folder, "nginx.conf"));
        await File.WriteAllTextAsync(Path.Combine(proxy.folder, "listen.conf"), $"listen {proxy.Address.Authority};\n");
        await File.WriteAllLinesAsync(
            Path.Combine(proxy.folder, "upstream.conf"),
            servers.Select(server => $"server {server.Authority} max_fails=1 fail_timeout=2s;"));
        proxy.nginx = Process.Start(new ProcessStartInfo("nginx",
        [
            "-p", proxy.folder, "-c", Path.Combine(proxy.folder, "nginx.conf"), "-e", "stderr", "-g", "daemon off;"
        ]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        proxy.nginx.OutputDataReceived += (_, _) => { };
        proxy.nginx.BeginOutputReadLine();
        proxy.nginx.BeginErrorReadLine();
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var answer = await client.GetAsync(proxy.Address);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "nginx");
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        if (nginx is { HasExited: false })
        {
            using (var quit = Process.Start(
                "/bin/kill", ["-TERM", nginx.Id.ToString(CultureInfo.InvariantCulture)])) await quit.WaitForExitAsync();
            await nginx.WaitForExitAsync();
        }
        nginx?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
