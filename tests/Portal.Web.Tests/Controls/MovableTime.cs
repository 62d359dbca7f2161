namespace Portal.Web.Tests.Controls;

/// <summary>A clock moved by hand; its timers fire while it is moved.</summary>
public sealed class MovableTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = start;

    public int Timers => timers.Count;

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state), now + dueTime, period);
        timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        now += by;
        foreach (var timer in timers.ToArray()) timer.Fire(now);
    }

    private sealed class Timer(MovableTime time, Action callback, DateTimeOffset due, TimeSpan period) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException();

        public void Fire(DateTimeOffset now)
        {
            while (due <= now)
            {
                due += period;
                callback();
            }
        }

        public void Dispose() => time.timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
