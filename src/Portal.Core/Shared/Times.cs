namespace Portal.Core.Shared;

public static class Times
{
    /// <summary>
    /// Now in UTC, cut to the microseconds that PostgreSQL keeps, so that what is read equals what was written.
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
