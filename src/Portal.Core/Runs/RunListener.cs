using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;

namespace Portal.Core.Runs;

/// <summary>
/// Carries "there is something new about this run" to every replica, by PostgreSQL's NOTIFY with the run's id alone.
/// Whoever hears it reads the rows, and looks now and then unasked, so a lost notification costs nothing but time.
/// </summary>
public sealed class RunListener(DatabaseConnections connections, ILogger<RunListener> log)
    : DatabaseListener(connections, PostgresChannel)
{
    private const string PostgresChannel = "portal_runs";

    /// <summary>
    /// Before the id of a run whose holder shall look whether it is to stop: holders need not wake at each log line.
    /// </summary>
    private const string CancelMark = "cancel:";

    private readonly Topics changes = new();
    private readonly Topics cancels = new();

    /// <summary>Part of the caller's transaction: others hear of it when it commits.</summary>
    /// <param name="waitForDisk">Of the commit; false spares a round trip to the disk where a server without power may
    /// forget the transaction.</param>
    internal static Task ChangedAsync(
        PortalDbContext db, Guid run, CancellationToken cancellation, bool waitForDisk = true) => waitForDisk
        ? NotifyAsync(db, run.ToString("N"), cancellation)
        : db.Database.ExecuteSqlAsync(
            $"select pg_notify({PostgresChannel}, {run.ToString("N")}), set_config('synchronous_commit', 'off', true)",
            cancellation);

    internal static Task CancelAskedAsync(PortalDbContext db, Guid run, CancellationToken cancellation) =>
        NotifyAsync(db, CancelMark + run.ToString("N"), cancellation);

    /// <summary>Hears of changes of the run; dispose to stop.</summary>
    internal Subscription Changes(Guid run) => changes.Subscribe(run);

    /// <summary>Hears that somebody may want the run to stop.</summary>
    internal Subscription Cancels(Guid run) => cancels.Subscribe(run);

    /// <summary>What was told while nobody listened is read from the rows.</summary>
    protected override void Begin()
    {
        changes.WakeAll();
        cancels.WakeAll();
    }

    protected override void Lose(Exception failure, bool wasListening) =>
        log.LogWarning("Live updates wait for the database: {Message}", failure.Message);

    protected override void Hear(string payload)
    {
        var cancel = payload.StartsWith(CancelMark, StringComparison.Ordinal);
        if (Guid.TryParse(cancel ? payload[CancelMark.Length..] : payload, out var run))
        {
            (cancel ? cancels : changes).Wake(run);
        }
    }

    private static Task NotifyAsync(PortalDbContext db, string payload, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"select pg_notify({PostgresChannel}, {payload})", cancellation);

    private sealed class Topics
    {
        private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Subscription, bool>> all = new();

        public Subscription Subscribe(Guid run)
        {
            var mine = new Subscription(s => Remove(run, s));
            all.AddOrUpdate(run, _ => new ConcurrentDictionary<Subscription, bool> { [mine] = true }, (_, others) =>
            {
                others[mine] = true;
                return others;
            });
            return mine;
        }

        public void Wake(Guid run)
        {
            if (!all.TryGetValue(run, out var waiting)) return;
            foreach (var subscription in waiting.Keys) subscription.Wake();
        }

        public void WakeAll()
        {
            foreach (var run in all.Keys) Wake(run);
        }

        private void Remove(Guid run, Subscription subscription)
        {
            if (all.TryGetValue(run, out var others) && others.TryRemove(subscription, out _) && others.IsEmpty)
            {
                ((ICollection<KeyValuePair<Guid, ConcurrentDictionary<Subscription, bool>>>)all).Remove(
                    KeyValuePair.Create(run, others));
            }
        }
    }
}

/// <summary>Something to wait for; several wakes before the next wait count as one.</summary>
internal sealed class Subscription(Action<Subscription> ended) : IDisposable
{
    private readonly Channel<bool> woken =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Returns when woken, or after <paramref name="patience"/> all the same.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(patience);
        try
        {
            await woken.Reader.ReadAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Patience ran out: look anyway.
        }
    }

    public void Wake() => woken.Writer.TryWrite(true);

    public void Dispose() => ended(this);
}
