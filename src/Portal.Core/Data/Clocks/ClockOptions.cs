namespace Portal.Core.Data.Clocks;

/// <summary><c>Portal:Clock</c>.</summary>
public sealed class ClockOptions
{
    public const string Section = "Portal:Clock";

    /// <summary>
    /// Seconds by which the clocks of portal and database may differ, and by which the database's may go forward
    /// against the time that passed; 10 to 86400. Above it nothing is destroyed.
    /// </summary>
    public int LimitSeconds { get; set; } = 300;

    public TimeSpan Limit => TimeSpan.FromSeconds(LimitSeconds);

    /// <summary>
    /// For so long after the machine has started anew a clock that has gone far ahead meanwhile is not believed: time
    /// servers mend it in that time.
    /// </summary>
    public TimeSpan Settling => 2 * Limit;
}
