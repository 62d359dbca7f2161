namespace Portal.TestKit;

/// <summary>
/// The real clock, but what waits by it waits a fraction of the time, and a test may move its date ahead: for back-offs
/// and waits of days.
/// </summary>
/// <param name="speed">How many times quicker timers are.</param>
public sealed class QuickTimeProvider(int speed) : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Quick(dueTime), Quick(period));

    /// <summary>Dates alone: no timer fires because of it.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

    private TimeSpan Quick(TimeSpan time) => time <= TimeSpan.Zero ? time : time / speed;
}
