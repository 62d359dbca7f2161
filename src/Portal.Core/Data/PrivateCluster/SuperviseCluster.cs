using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// Starts the private PostgreSQL again when it has ended under a running portal. Several processes may try at once: the
/// cluster's lock lets one of them start it, and the others take it up.
/// </summary>
public sealed class SuperviseCluster(
    PrivatePostgres postgres, TimeProvider time, ILogger<SuperviseCluster> log) : BackgroundService
{
    internal static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private TimeSpan pause;
    private long runsSince;
    private bool down;

    /// <summary>Whether it was seen ended, and not running since.</summary>
    public bool IsDown => Volatile.Read(ref down);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runsSince = time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (postgres.IsRunning) IsUp();
            else await StartAgainAsync(stoppingToken);
        }
    }

    private void IsUp()
    {
        if (down) Up();
        // One that ends again and again is started again ever more rarely.
        if (time.GetElapsedTime(runsSince) > LongestPause) pause = TimeSpan.Zero;
    }

    private async Task StartAgainAsync(CancellationToken cancellation)
    {
        if (!down)
        {
            log.LogError(
                "The private PostgreSQL has ended: it is started again{When}",
                pause > TimeSpan.Zero ? $" in {pause.TotalSeconds:0} s" : "");
        }
        Volatile.Write(ref down, true);
        await Task.Delay(pause, time, cancellation);
        pause = pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : Min(pause * 2, LongestPause);
        try
        {
            await postgres.EnsureRunningAsync(cancellation);
            Up();
        }
        catch (PrivateClusterException e)
        {
            log.LogError(
                "The private PostgreSQL did not start, next try in {Seconds:0} s: {Reason}", pause.TotalSeconds,
                e.Message);
        }
    }

    private void Up()
    {
        Volatile.Write(ref down, false);
        runsSince = time.GetTimestamp();
        log.LogInformation("The private PostgreSQL runs again");
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
