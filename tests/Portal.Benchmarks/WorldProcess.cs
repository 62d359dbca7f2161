using System.Diagnostics;
using Portal.TestKit.GitHub;

namespace Portal.Benchmarks;

/// <summary>The stand-in of GitHub in another process: this program again, which serves until its input ends.</summary>
internal sealed class WorldProcess : IAsyncDisposable
{
    /// <summary>The argument that makes this program the stand-in.</summary>
    public const string Argument = "github-stand-in";

    private readonly Process process;

    private WorldProcess(Process process, string address, string token) =>
        (this.process, Address, Token) = (process, address, token);

    public string Address { get; }

    public string Token { get; }

    public static async Task<WorldProcess> StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WorldProcess).Assembly.Location, Argument])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        if ((await process.StandardOutput.ReadLineAsync(cancellation))?.Split(' ') is not [var address, var token])
        {
            throw new BenchmarkException("the stand-in of GitHub did not start");
        }
        return new WorldProcess(process, address, token);
    }

    /// <summary>In the other process.</summary>
    public static async Task ServeAsync()
    {
        await using var world = await GitHubWorld.StartAsync();
        await Console.Out.WriteLineAsync($"{world.Address} {world.Token}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Only its end means something.
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
