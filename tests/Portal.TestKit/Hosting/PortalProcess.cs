using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.TestKit.Hosting;

/// <summary>
/// A portal in a process of its own, on a port and a data folder of its own. It can be killed, stopped and continued by
/// signals, and started again on the same address; it ends when it is disposed.
/// </summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly PortalProgram program;
    private readonly string data;
    private readonly IReadOnlyList<string> settings;
    private readonly int port;
    private readonly List<string> lines = [];
    private Process? process;

    private readonly IReadOnlyDictionary<string, string> environment;

    private PortalProcess(
        PortalProgram program, string data, IEnumerable<string> settings, int port,
        IReadOnlyDictionary<string, string> environment) =>
        (this.program, this.data, this.settings, this.port, this.environment) =
            (program, data, [.. settings], port, environment);

    public Uri Address => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>From the last start of the process until <c>/health/ready</c> answered 200.</summary>
    public TimeSpan Ready { get; private set; }

    public int Id => Running.Id;

    public bool HasExited => process is null or { HasExited: true };

    private Process Running => process ?? throw new InvalidOperationException("The portal was not started.");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="settings">As on the command line: <c>--Portal:Key=value</c>. They stay for every later
    /// start.</param>
    /// <param name="first">Settings of this start alone, such as a fail point.</param>
    /// <param name="port">0 = any that is free.</param>
    /// <param name="environment">Variables of every start, such as <c>SSL_CERT_FILE</c>.</param>
    /// <exception cref="PortalProcessException">It ended, or was not ready in time.</exception>
    public static async Task<PortalProcess> StartAsync(
        PortalProgram program, string data, IEnumerable<string> settings, CancellationToken cancellation,
        IEnumerable<string>? first = null, int port = 0,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var portal = new PortalProcess(
            program, data, settings, port == 0 ? FreePort() : port, environment ?? new Dictionary<string, string>());
        try
        {
            await portal.StartAgainAsync(cancellation, [.. first ?? []]);
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
        return portal;
    }

    /// <summary>On the same address with the same settings, after it has ended; waits until it is ready.</summary>
    /// <param name="more">Settings of this start alone.</param>
    public async Task StartAgainAsync(CancellationToken cancellation, params string[] more)
    {
        if (!HasExited) throw new InvalidOperationException("The portal still runs.");
        process?.Dispose();
        var started = Stopwatch.GetTimestamp();
        process = program.Start(
            ["serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data, .. settings, .. more],
            environment);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilReadyAsync(started, cancellation);
    }

    /// <summary>What a command of this portal prints, with the same data and settings: <c>token ada</c>.</summary>
    public Task<string> CommandAsync(CancellationToken cancellation, params string[] arguments) => program.RunAsync(
        [.. arguments, "--data", data], null, cancellation,
        settings.Select(s => s.TrimStart('-').Split('=', 2)).Where(s => s.Length == 2)
            .Select(s => KeyValuePair.Create(s[0].Replace(":", "__", StringComparison.Ordinal), s[1])));

    /// <summary>SIGKILL: it ends here and now, in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        if (HasExited) return;
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it stands still, holding whatever it holds.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Waits until the process ends by itself, as it does at a fail point.</summary>
    public Task ExitedAsync(CancellationToken cancellation) => Running.WaitForExitAsync(cancellation);

    /// <summary>Whether it stands still: by <see cref="PauseAsync"/>, or at a fail point that stops it.</summary>
    public bool IsPaused => !HasExited && StatusLine("State:") is ['T' or 't', ..];

    /// <summary>Resident memory of the portal's process alone, MiB.</summary>
    public double ResidentMib() =>
        long.Parse(StatusLine("VmRSS:").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>The most that was ever resident since the start or <see cref="ForgetPeakAsync"/>, MiB.</summary>
    public double PeakMib() => long.Parse(StatusLine("VmHWM:").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0;

    public Task ForgetPeakAsync() => File.WriteAllTextAsync($"/proc/{Id}/clear_refs", "5");

    /// <summary>Everything that it wrote, over all starts.</summary>
    public string Output
    {
        get
        {
            lock (lines) return string.Join('\n', lines);
        }
    }

    /// <summary>SIGTERM, as Ctrl-C and a service manager do; killed when it takes too long.</summary>
    public async Task StopAsync()
    {
        if (HasExited) return;
        await ContinueAsync();
        await SignalAsync("TERM");
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await Running.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process?.Dispose();
        process = null;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private string StatusLine(string key) =>
        File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith(key, StringComparison.Ordinal))[key.Length..]
            .Trim();

    private async Task UntilReadyAsync(long started, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Address };
        while (Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            if (HasExited) throw new PortalProcessException($"the portal ended at its start:\n{LastLines()}");
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
        throw new PortalProcessException(
            $"the portal was not ready within {StartLimit.TotalMinutes:0} minutes:\n{LastLines()}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
    }

    private string LastLines()
    {
        lock (lines) return string.Join('\n', lines.TakeLast(40));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
