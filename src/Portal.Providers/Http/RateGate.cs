namespace Portal.Providers.Http;

/// <summary>
/// Where the calls of one provider instance wait while the provider wants none. Nobody is let through before its limit
/// ends; then one call goes ahead to see whether it has, and the others follow in the order in which they came.
/// </summary>
/// <param name="patience">A call that would wait longer is turned away at once.</param>
internal sealed class RateGate(TimeProvider time, TimeSpan patience) : IDisposable
{
    private readonly Lock access = new();
    private readonly LinkedList<Waiter> waiters = new();
    private DateTimeOffset pausedUntil;
    private DateTimeOffset resetAt;
    private long? left;
    private int underWay;
    private bool mustProbe;
    private bool probing;
    private ITimer? timer;

    public int Waiting
    {
        get
        {
            lock (access) return waiters.Count;
        }
    }

    /// <returns>To be disposed when the call has ended; null when the wait would be longer than allowed.</returns>
    public async Task<Pass?> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiter = new Waiter(time.GetUtcNow() + patience);
        lock (access)
        {
            waiters.AddLast(waiter);
            LetThrough();
        }
        await using var _ = cancellation.UnsafeRegister(_ => Leave(waiter, cancellation), null);
        return await waiter.Task;
    }

    /// <summary>When calls may go on, as far as the provider has said.</summary>
    public DateTimeOffset OpensAt
    {
        get
        {
            lock (access) return ClosedUntil();
        }
    }

    public void Dispose() => timer?.Dispose();

    internal void Report(RateSignals signals)
    {
        lock (access)
        {
            var now = time.GetUtcNow();
            if (signals.Pause is { } pause && now + pause > pausedUntil) (pausedUntil, mustProbe) = (now + pause, true);
            if (signals is not { Remaining: { } remaining, Reset: { } reset }) return;
            // An answer of a window that is over says nothing about the present one.
            if (now < resetAt && now + reset + TimeSpan.FromSeconds(2) < resetAt) return;
            (left, resetAt) = (remaining, now + reset);
        }
    }

    private void Exit(bool wasProbe)
    {
        lock (access)
        {
            underWay--;
            if (wasProbe) probing = false;
            LetThrough();
        }
    }

    private void Leave(Waiter waiter, CancellationToken cancellation)
    {
        lock (access)
        {
            waiters.Remove(waiter);
            waiter.TrySetCanceled(cancellation);
        }
    }

    private void LetThrough()
    {
        var now = time.GetUtcNow();
        if (left is not null && now >= resetAt) (mustProbe, left) = (mustProbe || left is 0, null);
        var until = ClosedUntil();
        if (until > now)
        {
            TurnAway(until);
            Wake(until - now);
            return;
        }
        // Those under way may not be counted yet; each that comes back makes room, or says that there is none.
        while (!probing && !(underWay >= left) && waiters.First is { } first)
        {
            waiters.RemoveFirst();
            underWay++;
            (probing, mustProbe) = (mustProbe, false);
            first.Value.TrySetResult(new Pass(this, probing));
        }
    }

    private DateTimeOffset ClosedUntil() => left is 0 && resetAt > pausedUntil ? resetAt : pausedUntil;

    private void TurnAway(DateTimeOffset until)
    {
        for (var node = waiters.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Patience < until)
            {
                waiters.Remove(node);
                node.Value.TrySetResult(null);
            }
            node = next;
        }
    }

    private void Wake(TimeSpan after)
    {
        if (waiters.Count == 0) return;
        timer ??= time.CreateTimer(_ =>
        {
            lock (access) LetThrough();
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    private sealed class Waiter(DateTimeOffset patience) : TaskCompletionSource<Pass?>(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public DateTimeOffset Patience => patience;
    }

    /// <summary>One call that was let through.</summary>
    internal sealed class Pass(RateGate gate, bool isProbe) : IDisposable
    {
        /// <summary>What the answer said; before the pass is given back.</summary>
        public void Report(RateSignals signals) => gate.Report(signals);

        public void Dispose() => gate.Exit(isProbe);
    }
}
