using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.GoldenPaths.Runs;

/// <summary>
/// Tells whoever follows a run, on any replica, that there is something new. PostgreSQL's NOTIFY carries the run's id alone; the
/// follower reads from the last event that it has, so a lost notification costs nothing but time.
/// </summary>
public sealed class RunFeed(IDbContextFactory<PortalDbContext> database, DatabaseConnections connections, ILogger<RunFeed> log) : BackgroundService
{
    private const string NotificationChannel = "portal_runs";

    /// <summary>Before the id of a run whose holder shall look whether it is to stop: holders need not wake at each log line.</summary>
    private const string CancelMark = "cancel:";

    /// <summary>A follower looks at least this often, should a notification have been lost with a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<bool>, bool>> followers = new();
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<bool>, bool>> holders = new();

    /// <summary>Part of the caller's transaction: followers hear of it when it commits.</summary>
    internal static Task NotifyAsync(PortalDbContext db, Guid run, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"select pg_notify({NotificationChannel}, {run.ToString("N")})", cancellation);

    internal static Task NotifyCancelAsync(PortalDbContext db, Guid run, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"select pg_notify({NotificationChannel}, {CancelMark + run.ToString("N")})", cancellation);

    /// <summary>Events after number <paramref name="after"/>, oldest first.</summary>
    public async Task<IReadOnlyList<RunEvent>> ReadAsync(Guid run, long after, int limit, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<RunEvent>().AsNoTracking().Where(e => e.RunId == run && e.Number > after)
            .OrderBy(e => e.Number).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>Completes each time when the run may have changed; never ends by itself.</summary>
    public IAsyncEnumerable<bool> ChangesAsync(Guid run, CancellationToken cancellation) => WaitAsync(followers, run, cancellation);

    /// <summary>Completes each time when somebody may have asked the run to stop.</summary>
    internal IAsyncEnumerable<bool> CancelsAsync(Guid run, CancellationToken cancellation) => WaitAsync(holders, run, cancellation);

    private static async IAsyncEnumerable<bool> WaitAsync(
        ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<bool>, bool>> waiting, Guid run,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var mine = waiting.GetOrAdd(run, _ => new ConcurrentDictionary<Channel<bool>, bool>());
        mine[channel] = true;
        try
        {
            yield return true;
            while (true)
            {
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                wait.CancelAfter(Patience);
                try
                {
                    await channel.Reader.ReadAsync(wait.Token);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    // Patience ran out: look anyway.
                }
                yield return true;
            }
        }
        finally
        {
            mine.TryRemove(channel, out _);
            if (mine.IsEmpty) waiting.TryRemove(run, out _);
        }
    }

    /// <summary>The run's events from <paramref name="after"/> on, as they come, until the run is over.</summary>
    public async IAsyncEnumerable<IReadOnlyList<RunEvent>> FollowAsync(
        Guid run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const int batch = 1_000;
        await foreach (var _ in ChangesAsync(run, cancellation))
        {
            var over = await IsOverAsync(run, cancellation);
            while (await ReadAsync(run, after, batch, cancellation) is { Count: > 0 } events)
            {
                after = events[^1].Number;
                yield return events;
                if (events.Count < batch) break;
            }
            if (over) yield break;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connections.Direct);
                await connection.OpenAsync(stoppingToken);
                connection.Notification += (_, n) => Wake(n.Payload);
                await using (var listen = new NpgsqlCommand($"listen {NotificationChannel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Live updates wait for the database: {Message}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Wake(string payload)
    {
        var cancel = payload.StartsWith(CancelMark, StringComparison.Ordinal);
        if (!Guid.TryParse(cancel ? payload[CancelMark.Length..] : payload, out var run)) return;
        if (!(cancel ? holders : followers).TryGetValue(run, out var waiting)) return;
        foreach (var channel in waiting.Keys) channel.Writer.TryWrite(true);
    }

    private async Task<bool> IsOverAsync(Guid run, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<Run>().Where(r => r.Id == run)
            .Select(r => r.Status == RunStatus.Completed || r.Status == RunStatus.Failed || r.Status == RunStatus.Cancelled)
            .SingleOrDefaultAsync(cancellation);
    }
}
