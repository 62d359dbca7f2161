using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.TestKit.GitHub;

/// <summary>A server of one of the npm packages, on a free port of 127.0.0.1; ends with the object.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    private NodeServer(Process process, int port)
    {
        (this.process, Address) = (process, new Uri($"http://127.0.0.1:{port}/"));
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <param name="program">Its name in <c>node_modules/.bin</c>.</param>
    /// <param name="arguments">After the port is known.</param>
    public static async Task<NodeServer> StartAsync(string program, Func<int, string[]> arguments)
    {
        var modules = await NpmPackages.EnsureAsync(RepositoryRoot.Combine("tests", "Portal.TestKit", "GitHub"));
        var port = FreePort();
        var start = new ProcessStartInfo("node", [Path.Combine(modules, ".bin", program), .. arguments(port)])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var server = new NodeServer(Process.Start(start)!, port);
        try
        {
            await server.AnswersAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task AnswersAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.TrueAsync(async () =>
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The server ended with {process.ExitCode}: {Said()}");
            }
            try
            {
                using var answer = await http.GetAsync(Address);
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        }, $"an answer of {Address}");
    }

    private void Note(string? line)
    {
        lock (said) said.AppendLine(line);
    }

    private string Said()
    {
        lock (said) return said.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
