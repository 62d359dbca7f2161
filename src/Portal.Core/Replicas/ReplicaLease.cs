using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Replicas;

/// <summary>
/// Says twice a second, by the database's clock, that this process lives. What it holds ends when it could not say so
/// for <see cref="Validity"/>; others may take it <see cref="DeadAfter"/> its last word, which is later: so two never
/// work at the same thing, even when one was stopped for a while or cut off. It renews on a thread of its own, whatever
/// the thread pool is busy with.
/// </summary>
public sealed class ReplicaLease : IHostedService, IDisposable
{
    /// <summary>A holder that could not renew for so long ends its open calls itself.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(2);

    /// <summary>Seconds after its last word from which a replica counts as dead.</summary>
    public const double DeadAfter = 3;

    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(500);

    private readonly HeldRuns held = new();
    private readonly ManualResetEventSlim stop = new();
    private readonly string connectionString;
    private readonly ReplicaIdentity identity;
    private readonly TimeProvider time;
    private readonly ILogger<ReplicaLease> log;
    private readonly Lock gate = new();
    private ITimer? watchdog;
    private Thread? thread;
    private long renewed, tried;
    private bool lost = true, diskFull;
    private TaskCompletionSource regained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReplicaLease(
        DatabaseConnections connections, IOptions<ReplicaOptions> options, TimeProvider time, ILogger<ReplicaLease> log)
    {
        // One connection for life, outside of the pool; it must never wait longer than the lease lasts.
        connectionString = new NpgsqlConnectionStringBuilder(
            connections.Direct) { Pooling = false, Timeout = 2, CommandTimeout = 2 }.ConnectionString;
        (this.time, this.log) = (time, log);
        identity = ReplicaIdentity.Of(options.Value.Name);
    }

    /// <summary>This life of this process.</summary>
    public Guid Incarnation => identity.Incarnation;

    /// <summary>Whether this process may call the outside in the name of what it holds.</summary>
    public bool IsValid => !lost && time.GetElapsedTime(Volatile.Read(ref renewed)) < Validity;

    /// <summary>
    /// Since its thread last tried to renew, whether that went well or not; zero before it was started.
    /// </summary>
    public TimeSpan SinceLastTry =>
        Volatile.Read(ref tried) is var at and not 0 ? time.GetElapsedTime(at) : TimeSpan.Zero;

    public ReplicaIdentity Identity => identity;

    /// <summary>Whether the database last refused to write because its disk is full.</summary>
    public bool IsDiskFull => Volatile.Read(ref diskFull);

    /// <summary>The runs that this process executes right now.</summary>
    public IReadOnlyCollection<Guid> Held => held.Ids;

    /// <summary>Completes when the lease is valid (again).</summary>
    public Task ValidAsync(CancellationToken cancellation)
    {
        lock (gate) return IsValid ? Task.CompletedTask : regained.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Watches over one execution: its token is cancelled when the lease is lost or when the run's row has a newer
    /// fencing token.
    /// </summary>
    public HeldRun Hold(Guid run, long token)
    {
        lock (gate)
        {
            var hold = held.Add(run, token);
            if (!IsValid) hold.Lose();
            return hold;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The first word is said before anything is executed; a database that is away for the moment only delays it.
        NpgsqlConnection? connection = null;
        if (!TryRenew(ref connection, first: true)) Close(ref connection);
        watchdog = time.CreateTimer(_ => Watch(), null, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));
        thread = new Thread(() => Renew(
            connection)) { IsBackground = true, Name = "replica lease", Priority = ThreadPriority.AboveNormal };
        thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        stop.Set();
        thread?.Join(TimeSpan.FromSeconds(3));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        stop.Set();
        watchdog?.Dispose();
    }

    private void Renew(NpgsqlConnection? connection)
    {
        while (!stop.Wait(Renewal))
        {
            if (!TryRenew(ref connection, first: false)) Close(ref connection);
        }
        // A stop that was asked for leaves nothing to wait for.
        TryForget(ref connection);
        Close(ref connection);
    }

    [SuppressMessage(
        "Reliability", "CA1031",
        Justification = "Whatever goes wrong, the next round tries again; a lease that is not renewed ends by itself.")]
    private bool TryRenew(ref NpgsqlConnection? connection, bool first)
    {
        var asked = time.GetTimestamp();
        Volatile.Write(ref tried, asked);
        try
        {
            connection ??= ReplicaRows.Open(connectionString);
            var newer = ReplicaRows.Renew(connection, identity, held.Ids, first);
            Volatile.Write(ref renewed, asked);
            Volatile.Write(ref diskFull, false);
            foreach (var (run, token) in newer) held.Supersede(run, token);
            Regain();
            return true;
        }
        catch (Exception e)
        {
            Volatile.Write(ref diskFull, e is PostgresException { SqlState: PostgresErrorCodes.DiskFull });
            log.LogWarning("The lease of this replica was not renewed: {Message}", e.Message);
            return false;
        }
    }

    private void Watch()
    {
        lock (gate)
        {
            if (lost || IsValid) return;
            lost = true;
            regained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        log.LogWarning(
            "This replica could not say for {Seconds} s that it lives: it ends its open calls", Validity.TotalSeconds);
        held.LoseAll();
    }

    private void Regain()
    {
        lock (gate)
        {
            lost = false;
            regained.TrySetResult();
        }
    }

    private void TryForget(ref NpgsqlConnection? connection)
    {
        try
        {
            ReplicaRows.Forget(connection ??= ReplicaRows.Open(connectionString), identity.Incarnation);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            log.LogInformation("The row of this replica stays until it is too old: {Message}", e.Message);
        }
    }

    private static void Close(ref NpgsqlConnection? connection)
    {
        connection?.Dispose();
        connection = null;
    }
}
