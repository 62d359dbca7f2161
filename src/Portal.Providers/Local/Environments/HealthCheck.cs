using System.Net.Sockets;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// Asks a process whether it can serve: by the probe of its <c>score.yaml</c>, without one by opening a connection.
/// </summary>
internal sealed class HealthCheck : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly HttpRequestOptionsKey<Func<CancellationToken, Task<Socket>>> Door = new("door");

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseDrainSize = 64 * 1024,
        MaxResponseHeadersLength = 64,
        ConnectCallback = async (context, cancellation) =>
        {
            context.InitialRequestMessage.Options.TryGetValue(Door, out var connect);
            return new NetworkStream(await connect!(cancellation), ownsSocket: true);
        },
    })
    {
        Timeout = Patience, MaxResponseContentBufferSize = 64 * 1024,
    };

    /// <summary>Null when it is healthy; otherwise why not, in words.</summary>
    public async Task<string?> AskAsync(
        DetachedProcess process, ProcessIdentity identity, ScoreProbe? probe, EnvironmentDoor door,
        CancellationToken cancellation)
    {
        if (!ProcessTable.Listens(process.Id, identity.Port))
        {
            return $"nothing listens on the port that it got in PORT ({identity.Port})";
        }
        if (probe is null) return null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{identity.Port}{probe.Path}");
            request.Options.Set(Door, stop => door.ConnectAsync(identity.Start, stop));
            foreach (var (name, value) in probe.Headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return (int)response.StatusCode is >= 200 and < 400
                ? null : $"{probe.Path} answers {(int)response.StatusCode}";
        }
        catch (Exception e) when (
            e is HttpRequestException or SocketException or TimeoutException or IOException
            || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return e is TimeoutException or OperationCanceledException ? "it does not answer within 2 seconds"
                : e is HttpRequestException
                {
                    HttpRequestError: not HttpRequestError.ConnectionError,
                } ? $"{probe.Path} does not answer in HTTP"
                : "it cannot be connected to";
        }
    }

    /// <summary>
    /// Waits until the process is healthy. Null when it is; otherwise why it is not: it died, or the time is up.
    /// </summary>
    public async Task<string?> WaitAsync(
        DetachedProcess process, ProcessIdentity identity, ScoreProbe? probe, EnvironmentDoor door, TimeSpan atMost,
        CancellationToken cancellation)
    {
        // Real processes take real time, whatever clock the portal has been given.
        var end = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        while (true)
        {
            if (!process.IsRunning) return "its process ended by itself";
            var why = await AskAsync(process, identity, probe, door, cancellation);
            if (why is null && process.IsRunning) return null;
            if (Environment.TickCount64 > end) return $"after {atMost.TotalSeconds:0} seconds {why}";
            await Task.Delay(Pause, cancellation);
        }
    }

    public void Dispose() => client.Dispose();
}
