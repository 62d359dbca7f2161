using System.Globalization;

namespace Portal.Web.Controls;

/// <summary>Times and durations in words.</summary>
public static class RelativeWords
{
    /// <summary>"3 minutes ago", "in 2 days"; a date from about a month away.</summary>
    public static string Of(DateTimeOffset at, DateTimeOffset now)
    {
        var distance = (now - at).Duration();
        // What has 4 hours left "ends in 4 hours" a minute later too; what happened is never made older than it is.
        Func<double, double> whole = at > now ? Math.Round : Math.Floor;
        var words = distance switch
        {
            { TotalSeconds: < 45 } => null,
            { TotalMinutes: < 60 } => Count(Math.Max(1, (int)Math.Round(distance.TotalMinutes)), "minute"),
            { TotalHours: < 24 } when whole(distance.TotalHours) < 24 => Count((int)whole(distance.TotalHours), "hour"),
            { TotalDays: < 30 } => Count((int)whole(distance.TotalDays), "day"),
            _ => "",
        };
        if (words is null) return at <= now ? "just now" : "in a moment";
        if (words.Length == 0) return Date(at, now);
        return at <= now ? $"{words} ago" : $"in {words}";
    }

    /// <summary>"820 ms", "12 s", "1 min 12 s", "2 h 5 min", "3 d 4 h".</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalSeconds: < 1 } => $"{(int)Math.Round(duration.TotalMilliseconds)} ms",
        { TotalSeconds: < 10 } => $"{duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        { TotalMinutes: < 1 } => $"{(int)duration.TotalSeconds} s",
        { TotalHours: < 1 } => $"{duration.Minutes} min {duration.Seconds} s",
        { TotalDays: < 1 } => $"{duration.Hours} h {duration.Minutes} min",
        _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
    };

    private static string Date(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.Year == now.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Count(int number, string unit) => number == 1 ? $"1 {unit}" : $"{number} {unit}s";
}
