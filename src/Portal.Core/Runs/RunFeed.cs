using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;

namespace Portal.Core.Runs;

/// <summary>What is new about a run.</summary>
/// <param name="Events">Oldest first; may be empty.</param>
/// <param name="State">The run as it is now; null when nothing but log lines came.</param>
public sealed record RunBatch(IReadOnlyList<RunEvent> Events, RunState? State);

/// <summary>A run with its parts, the same for everybody who looks at it.</summary>
public sealed record RunState(Run Run, IReadOnlyList<RunStep> Steps, IReadOnlyList<JournalEntry> Changes);

/// <summary>
/// A run's events, from the database and as they come. However many follow a run in this process, it is read once for
/// all.
/// </summary>
public sealed class RunFeed(
    IDbContextFactory<PortalDbContext> database, RunListener notifications, ILogger<RunFeed> log)
{
    private const int AtOnce = 1_000;
    private readonly ConcurrentDictionary<Guid, RunStream> streams = new();

    /// <summary>Events after number <paramref name="after"/>, oldest first.</summary>
    public async Task<IReadOnlyList<RunEvent>> ReadAsync(
        Guid run, long after, int limit, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<RunEvent>().AsNoTracking().Where(e => e.RunId == run && e.Number > after)
            .OrderBy(e => e.Number).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>The run's events from <paramref name="after"/> on, as they come, until the run is over.</summary>
    public async IAsyncEnumerable<RunBatch> FollowAsync(
        Guid run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var follower = Join(run);
        // Everything from here on comes to the follower; what was before is read, so that nothing falls in between.
        await follower.Ready.WaitAsync(cancellation);
        while (await ReadAsync(run, after, AtOnce, cancellation) is { Count: > 0 } earlier)
        {
            after = earlier[^1].Number;
            yield return new RunBatch(earlier, null);
        }
        await foreach (var batch in follower.Batches.ReadAllAsync(cancellation))
        {
            var news = batch.Events.Where(e => e.Number > after).ToList();
            if (news.Count > 0) after = news[^1].Number;
            if (news.Count > 0 || batch.State is not null) yield return batch with { Events = news };
            if (batch.State is { Run.IsOver: true } state && after == state.Run.LastEvent) yield break;
        }
    }

    /// <summary>The run when it is over, or when it waits for somebody; as soon as that is written.</summary>
    public async Task<Run> EndAsync(Guid run, CancellationToken cancellation)
    {
        await foreach (var batch in FollowAsync(run, 0, cancellation))
        {
            if (batch.State is { Run: { IsOver: true } or { Status: RunStatus.Waiting } } state) return state.Run;
        }
        throw new InvalidOperationException($"Nobody knows of run {run}.");
    }

    /// <summary>The first of many starts the reading, the last one ends it.</summary>
    private RunFollower Join(Guid run)
    {
        while (true)
        {
            var stream = streams.GetOrAdd(run, id => new RunStream(
                id, database, notifications, log, ended => streams.TryRemove(KeyValuePair.Create(id, ended))));
            if (stream.TryJoin() is { } follower) return follower;
            streams.TryRemove(KeyValuePair.Create(run, stream));
        }
    }
}
