using System.Globalization;

namespace Portal.Core.Data.Clocks;

/// <summary>All clocks at one moment.</summary>
public sealed record ClockReading(DateTimeOffset Database, DateTimeOffset Host, TimeSpan Uptime, string Boot)
{
    /// <summary>By how much the portal is ahead of the database.</summary>
    public TimeSpan Ahead => Host - Database;
}

/// <summary>What a reading means.</summary>
/// <param name="Problem">Why nothing may be destroyed, in words for an administrator; null when something may.</param>
/// <param name="CanConfirm">Whether an administrator can say that the time is right.</param>
/// <param name="Settles">It ends by itself, soon, and nothing is known to be wrong.</param>
/// <param name="Anchor">What to compare the next reading with.</param>
public sealed record ClockJudgement(string? Problem, bool CanConfirm, bool Settles, ClockAnchor Anchor)
{
    /// <param name="reading">The clocks now.</param>
    /// <param name="last">Of this life of this machine; null when there is none.</param>
    /// <param name="lastSeen">The latest that the database's clock was seen at by any machine; null when it never
    /// was.</param>
    /// <param name="options">Limits.</param>
    public static ClockJudgement Of(
        ClockReading reading, ClockAnchor? last, DateTimeOffset? lastSeen, ClockOptions options)
    {
        var (judged, jump) = last is null ? (First(reading, lastSeen, options), null) : Next(reading, last, options);
        if (reading.Ahead.Duration() > options.Limit)
        {
            var words =
                $"The portal's clock is {Words(reading.Ahead.Duration())} {(reading.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's. Let both follow a time server.";
            return new ClockJudgement(words, CanConfirm: false, Settles: false, judged);
        }

        if (jump is { } by)
        {
            return new ClockJudgement(
                $"The database's clock went forward by {Words(by)} more than time has passed. Set it right; or, if it is right now, confirm it.",
                CanConfirm: true, Settles: false, judged);
        }

        return judged.BelievedFrom > reading.Uptime.TotalSeconds
            ? new ClockJudgement(
                "This machine has started anew, and the database's clock has gone far ahead meanwhile: "
                + $"it is believed in {Words(TimeSpan.FromSeconds(judged.BelievedFrom.Value) - reading.Uptime)}, so that a time server can mend it first.",
                CanConfirm: true, Settles: true, judged)
            : new ClockJudgement(null, CanConfirm: false, Settles: false, judged);
    }

    /// <summary>
    /// Whether the portal was away or the clock is wrong cannot be told: it is given the time in which a time server
    /// would mend it.
    /// </summary>
    private static ClockAnchor First(ClockReading reading, DateTimeOffset? lastSeen, ClockOptions options) =>
        Anchored(
            reading,
            reading.Database - lastSeen > options.Limit ? (reading.Uptime + options.Settling).TotalSeconds : null);

    /// <summary>
    /// A clock that jumped forward is compared with what it said before for as long as it stays there, so that setting
    /// it right is enough. One that went back destroys nothing.
    /// </summary>
    private static (ClockAnchor Anchor, TimeSpan? Jump) Next(
        ClockReading reading, ClockAnchor last, ClockOptions options)
    {
        var jump = reading.Database - last.DatabaseAt - (reading.Uptime - TimeSpan.FromSeconds(last.UptimeSeconds));
        if (jump > options.Limit) return (last, jump);
        // Set back while it was not believed: what it says now is as new.
        var believedFrom = last.BelievedFrom is not null
            && jump < -options.Limit ? (reading.Uptime + options.Settling).TotalSeconds : last.BelievedFrom;
        return (Anchored(reading, believedFrom > reading.Uptime.TotalSeconds ? believedFrom : null), null);
    }

    private static ClockAnchor Anchored(ClockReading reading, double? believedFrom) =>
        new()
        {
            Boot = reading.Boot, DatabaseAt = reading.Database, UptimeSeconds = reading.Uptime.TotalSeconds,
            BelievedFrom = believedFrom
        };

    internal static string Words(TimeSpan span)
    {
        var (count, unit) = span switch
        {
            { TotalDays: >= 2 } => (span.TotalDays, "days"),
            { TotalHours: >= 2 } => (span.TotalHours, "hours"),
            { TotalMinutes: >= 2 } => (span.TotalMinutes, "minutes"),
            _ => (span.TotalSeconds, "seconds"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count:0.0} {unit}");
    }
}
