namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>Whose job it is.</summary>
/// <param name="Team">The organisation of the repository.</param>
/// <param name="Person">Who pushed or started it; null when nobody is known.</param>
internal sealed record JobOwner(string Team, string? Person, string Run);

/// <summary>
/// The places for jobs on this machine. A free one goes to the team that has the fewest jobs running, in it to the
/// person, then to the run; among equals to the team that was served longest ago, and in it to whoever waits longest.
/// So nobody waits for the hundreds of another.
/// </summary>
internal sealed class JobSlots(int places)
{
    private readonly Lock gate = new();
    private readonly List<(JobOwner Owner, TaskCompletionSource Turn)> waiting = [];
    private readonly List<JobOwner> running = [];
    private readonly Dictionary<string, long> served = new(StringComparer.Ordinal);
    private int free = places;
    private long turns;

    public async Task<IDisposable> EnterAsync(JobOwner owner, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((owner, turn));
            Assign();
        }

        await using var registration = cancellation.Register(() =>
        {
            lock (gate)
            {
                if (waiting.RemoveAll(w => w.Turn == turn) > 0) turn.TrySetCanceled(cancellation);
            }
        });
        await turn.Task.ConfigureAwait(false);
        return new Place(this, owner);
    }

    private void Assign()
    {
        while (free > 0 && waiting.Count > 0)
        {
            // The first of the smallest: who waits longest among equals.
            var next = waiting.MinBy(w => (
                running.Count(r => r.Team == w.Owner.Team), running.Count(
                    r => r.Team == w.Owner.Team && r.Person == w.Owner.Person),
                running.Count(r => r.Run == w.Owner.Run), served.GetValueOrDefault(w.Owner.Team)));
            waiting.Remove(next);
            free--;
            running.Add(next.Owner);
            served[next.Owner.Team] = ++turns;
            next.Turn.SetResult();
        }
    }

    private void Leave(JobOwner owner)
    {
        lock (gate)
        {
            free++;
            running.Remove(owner);
            if (running.Count == 0 && waiting.Count == 0) served.Clear();
            Assign();
        }
    }

    private sealed class Place(JobSlots slots, JobOwner owner) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) slots.Leave(owner);
        }
    }
}
