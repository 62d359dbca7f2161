namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>The places for jobs on this machine. A free one goes to the run that has the fewest jobs running, then to whoever waits longest.</summary>
internal sealed class JobSlots(int places)
{
    private readonly Lock gate = new();
    private readonly List<(string Run, TaskCompletionSource Turn)> waiting = [];
    private readonly Dictionary<string, int> running = new(StringComparer.Ordinal);
    private int free = places;

    public async Task<IDisposable> EnterAsync(string run, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((run, turn));
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
        return new Place(this, run);
    }

    private void Assign()
    {
        while (free > 0 && waiting.Count > 0)
        {
            var next = waiting.MinBy(w => running.GetValueOrDefault(w.Run));
            waiting.Remove(next);
            free--;
            running[next.Run] = running.GetValueOrDefault(next.Run) + 1;
            next.Turn.SetResult();
        }
    }

    private void Leave(string run)
    {
        lock (gate)
        {
            free++;
            if (--running[run] == 0) running.Remove(run);
            Assign();
        }
    }

    private sealed class Place(JobSlots slots, string run) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) slots.Leave(run);
        }
    }
}
