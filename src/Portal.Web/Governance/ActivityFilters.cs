using System.Globalization;
using Portal.Core.Activities;

namespace Portal.Web.Governance;

/// <summary>What the Activity page can be narrowed by, as its address has it.</summary>
internal static class ActivityFilters
{
    public static readonly IReadOnlyList<(string Value, string Text)> Kinds =
    [
        ("run", "Runs"), ("repository", "Repositories"), ("pipeline", "Pipelines"), ("environment", "Environments"),
        ("catalog", "Catalog"), ("access", "People and access"), ("settings", "Portal and providers"),
    ];

    public static readonly IReadOnlyList<(string Value, string Text, TimeSpan Length)> Times =
    [
        ("hour", "Last hour", TimeSpan.FromHours(1)), ("day", "Last 24 hours", TimeSpan.FromDays(1)),
        ("week", "Last 7 days", TimeSpan.FromDays(7)), ("month", "Last 30 days", TimeSpan.FromDays(30)),
    ];

    public static IReadOnlyList<ActivityKind> KindsOf(string? kind) =>
        Kinds.Any(k => k.Value == kind) ? [Enum.Parse<ActivityKind>(kind!, ignoreCase: true)] : [];

    /// <summary>From the first moment of one day to the last of the other, UTC; what is wrong, in words.</summary>
    public static (DateTimeOffset? Since, DateTimeOffset? Until, string? Wrong) Range(
        string? time, string? from, string? to, DateTimeOffset now)
    {
        if (!IsDay(from, out var first)) return (null, null, $"'{from}' is no date: write it as 2026-11-30.");
        if (!IsDay(to, out var last)) return (null, null, $"'{to}' is no date: write it as 2026-11-30.");
        if (first > last) return (null, null, "The range ends before it begins: exchange From and To.");
        var length = Times.FirstOrDefault(t => t.Value == time).Length;
        var since = length > TimeSpan.Zero ? now - length : (DateTimeOffset?)null;
        return (first > since || since is null ? first : since, last?.AddDays(1), null);
    }

    private static bool IsDay(string? text, out DateTimeOffset? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text)) return true;
        var known = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var date) && date.Year is > 2000 and < 3000;
        if (known) day = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);
        return known;
    }
}
