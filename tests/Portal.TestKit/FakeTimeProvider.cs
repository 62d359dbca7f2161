namespace Portal.TestKit;

/// <summary>A clock that stands still until the test moves it, on a Monday morning unless told otherwise.</summary>
public sealed class FakeTimeProvider(DateTimeOffset? start = null)
    : Microsoft.Extensions.Time.Testing.FakeTimeProvider(
        start ?? new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero))
{
    private int timers;

    /// <summary>Those that were made by it and are not disposed.</summary>
    public int Timers => Volatile.Read(ref timers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref timers);
        return new Counted(base.CreateTimer(callback, state, dueTime, period), this);
    }

    private sealed class Counted(ITimer timer, FakeTimeProvider time) : ITimer
    {
        private int isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDisposed, 1) == 0) Interlocked.Decrement(ref time.timers);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
