using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;

namespace Portal.Core.Runs;

/// <summary>Reads one run for all who follow it in this process.</summary>
internal sealed class RunStream : IDisposable
{
    /// <summary>It looks at least this often, should a notification have been lost with a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Steps and changes of a run that goes on are read this often at most; events come at once, and so does the state
    /// that a run ends in.
    /// </summary>
    private static readonly TimeSpan StateEvery = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly HashSet<RunFollower> followers = [];
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid run;
    private readonly IDbContextFactory<PortalDbContext> database;
    private readonly RunListener notifications;
    private readonly ILogger log;
    private readonly Action<RunStream> ended;
    private RunState? known;
    private long last = -1;
    private long stateRead;
    private bool isStateOld;
    private bool closed;

    public RunStream(
        Guid run, IDbContextFactory<PortalDbContext> database, RunListener notifications, ILogger log,
        Action<RunStream> ended) =>
        (this.run, this.database, this.notifications, this.log, this.ended) =
            (run, database, notifications, log, ended);

    /// <returns>Null when the stream has just ended.</returns>
    public RunFollower? TryJoin()
    {
        lock (gate)
        {
            if (closed) return null;
            var follower = new RunFollower(ready.Task, Leave);
            followers.Add(follower);
            // Who comes later gets what those before have seen last.
            if (known is not null) follower.Give(new RunBatch([], known));
            if (followers.Count == 1 && last < 0)
            {
                last = 0;
                _ = Task.Run(ReadAsync);
            }
            return follower;
        }
    }

    private void Leave(RunFollower follower)
    {
        lock (gate)
        {
            followers.Remove(follower);
            if (followers.Count > 0) return;
            closed = true;
        }
        // The reader disposes it.
        ending.Cancel();
        ended(this);
    }

    private async Task ReadAsync()
    {
        using var subscription = notifications.Changes(run);
        try
        {
            while (true)
            {
                if (await TryAsync()) await subscription.WaitAsync(isStateOld ? StateEvery : Patience, ending.Token);
                else await Task.Delay(Breath, ending.Token);
            }
        }
        catch (Exception e) when ((e is OperationCanceledException && ending.IsCancellationRequested)
            || e is ObjectDisposedException)
        {
            // Nobody follows any more, or the portal stops.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            log.LogError(e, "Following run {Run} failed", run);
            Close(e);
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => ending.Dispose();

    /// <returns>False when the database is away: followers wait for it.</returns>
    private async Task<bool> TryAsync()
    {
        try
        {
            if (!ready.Task.IsCompleted)
            {
                last = await LastNumberAsync();
                ready.TrySetResult();
            }
            await PublishAsync();
            return true;
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            return false;
        }
    }

    private async Task PublishAsync()
    {
        await using var db = await database.CreateDbContextAsync(ending.Token);
        var events = await db.Set<RunEvent>().AsNoTracking().Where(e => e.RunId == run && e.Number > last)
            .OrderBy(e => e.Number).ToListAsync(ending.Token);
        if (events.Count > 0) last = events[^1].Number;
        isStateOld |= events.Any(e => e.Status is not null);
        var state = IsStateDue(events) ? await StateAsync(db) : null;
        if (events.Count == 0 && state is null) return;
        lock (gate)
        {
            known = state ?? known;
            foreach (var follower in followers) follower.Give(new RunBatch(events, state));
        }
    }

    private bool IsStateDue(List<RunEvent> events) =>
        known is null || events.Any(e => e is { StepId: null, Status: not null })
            || (isStateOld && Stopwatch.GetElapsedTime(stateRead) >= StateEvery);

    private async Task<RunState?> StateAsync(PortalDbContext db)
    {
        (stateRead, isStateOld) = (Stopwatch.GetTimestamp(), false);
        if (await db.Set<Run>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == run, ending.Token) is not { } row)
        {
            return null;
        }
        var steps = await db.Set<RunStep>().AsNoTracking().Where(s => s.RunId == run).OrderBy(s => s.Position)
            .ToListAsync(ending.Token);
        var changes = await db.Set<JournalEntry>().AsNoTracking().Where(j => j.RunId == run).OrderBy(j => j.Order)
            .ToListAsync(ending.Token);
        return new RunState(row, steps, changes);
    }

    /// <summary>Followers read what was before by themselves.</summary>
    private async Task<long> LastNumberAsync()
    {
        await using var db = await database.CreateDbContextAsync(ending.Token);
        return await db.Set<RunEvent>().Where(e => e.RunId == run).MaxAsync(e => (long?)e.Number, ending.Token) ?? 0;
    }

    private void Close(Exception error)
    {
        lock (gate)
        {
            closed = true;
            foreach (var follower in followers) follower.End(error);
        }
        ready.TrySetException(error);
        ended(this);
    }
}

/// <summary>One who follows a run.</summary>
/// <param name="ready">Completes when nothing that comes from then on is missed.</param>
internal sealed class RunFollower(Task ready, Action<RunFollower> leave) : IDisposable
{
    private readonly Channel<RunBatch> batches =
        Channel.CreateUnbounded<RunBatch>(new UnboundedChannelOptions { SingleReader = true });

    public Task Ready => ready;

    public ChannelReader<RunBatch> Batches => batches.Reader;

    public void Give(RunBatch batch) => batches.Writer.TryWrite(batch);

    public void End(Exception error) => batches.Writer.TryComplete(error);

    public void Dispose() => leave(this);
}
