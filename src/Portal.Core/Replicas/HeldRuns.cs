using System.Collections.Concurrent;

namespace Portal.Core.Replicas;

/// <summary>What this process executes right now.</summary>
internal sealed class HeldRuns
{
    private readonly ConcurrentDictionary<Guid, HeldRun> runs = new();

    public Guid[] Ids => [.. runs.Keys];

    public HeldRun Add(Guid run, long token)
    {
        var hold = new HeldRun(run, token, this);
        runs[run] = hold;
        return hold;
    }

    /// <summary>Somebody holds a newer token: what is done with an older one ends.</summary>
    public void Supersede(Guid run, long token)
    {
        if (runs.TryGetValue(run, out var hold) && hold.FencingToken < token) hold.Lose();
    }

    public void LoseAll()
    {
        foreach (var hold in runs.Values) hold.Lose();
    }

    public void Remove(HeldRun hold) => runs.TryRemove(KeyValuePair.Create(hold.Run, hold));
}

/// <summary>One execution of a run by this process; dispose when it is over.</summary>
public sealed class HeldRun : IDisposable
{
    private readonly CancellationTokenSource lost = new();
    private readonly HeldRuns all;

    internal HeldRun(Guid run, long token, HeldRuns all) => (Run, FencingToken, this.all) = (run, token, all);

    public Guid Run { get; }

    public long FencingToken { get; }

    /// <summary>Cancelled when this process may not go on with it.</summary>
    public CancellationToken Lost => lost.Token;

    public void Dispose()
    {
        all.Remove(this);
        lost.Dispose();
    }

    internal void Lose()
    {
        try
        {
            lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
