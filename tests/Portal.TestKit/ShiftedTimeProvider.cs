namespace Portal.TestKit;

/// <summary>The real clock, moved ahead by a test: for whole hosts, whose timers must go on.</summary>
public sealed class ShiftedTimeProvider : TimeProvider
{
    private long ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ticks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
