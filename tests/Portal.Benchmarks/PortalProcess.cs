using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.TestKit;

namespace Portal.Benchmarks;

/// <summary>The portal as `./portal up` runs it: the Release build in a process of its own, on a port and a data folder of its own.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly string Program = RepositoryRoot.Combine("src", "Portal.Web", "bin", "Release", "net10.0", "Portal.Web.dll");

    private readonly Process process;
    private readonly Queue<string> lastLines = new();

    private PortalProcess(Process process, int port)
    {
        (this.process, Address) = (process, new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"));
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>From the start of the process until <c>/health/ready</c> answered 200.</summary>
    public TimeSpan Ready { get; private set; }

    public static async Task<PortalProcess> StartAsync(string data, IEnumerable<string> settings, CancellationToken cancellation)
    {
        if (!File.Exists(Program)) throw new BenchmarkException($"there is no {Program}: run ./portal bench, which builds it");
        var port = FreePort();
        var started = Stopwatch.GetTimestamp();
        var portal = new PortalProcess(Start(["serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data, .. settings]), port);
        try
        {
            await portal.UntilReadyAsync(started, cancellation);
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
        return portal;
    }

    /// <summary>What a command of the portal prints.</summary>
    public static async Task<string> CommandAsync(IEnumerable<string> arguments, string? input, CancellationToken cancellation)
    {
        using var process = Start(arguments);
        if (input is not null) await process.StandardInput.WriteLineAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? output.Trim() : throw new BenchmarkException($"{string.Join(' ', arguments)}: {await errors}");
    }

    /// <summary>Resident memory of the portal's process alone, MiB.</summary>
    public double ResidentMib()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Asks it to stop, as Ctrl-C and a service manager do.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using (var terminate = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await terminate.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        process.Dispose();
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = RepositoryRoot.Path, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    private async Task UntilReadyAsync(long started, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Address };
        while (Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            if (process.HasExited) throw new BenchmarkException($"the portal ended at its start:\n{LastLines()}");
            try
            {
                using var answer = await client.GetAsync("/health/ready", cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Ready = Stopwatch.GetElapsedTime(started);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }
        throw new BenchmarkException($"the portal was not ready within {StartLimit.TotalMinutes:0} minutes:\n{LastLines()}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > 40) lastLines.Dequeue();
        }
    }

    public string LastLines()
    {
        lock (lastLines) return string.Join('\n', lastLines);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
