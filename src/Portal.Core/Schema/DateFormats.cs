using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

/// <summary>Dates and times of RFC 3339, durations of its appendix A.</summary>
internal static partial class DateFormats
{
    public static bool IsDate(string text)
        => DateShape().IsMatch(text)
            && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static bool IsTime(string text)
    {
        var match = TimeShape().Match(text);
        if (!match.Success) return false;

        var (hour, minute, second) = (Number(match, "h"), Number(match, "m"), Number(match, "s"));
        var (offsetHour, offsetMinute) = (Number(match, "oh"), Number(match, "om"));
        if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;

        // A leap second is the last second of a day in UTC.
        var offset = (offsetHour * 60 + offsetMinute) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var utc = ((hour * 60 + minute - offset) % 1440 + 1440) % 1440;
        return second < 60 || utc == 1439;
    }

    public static bool IsDateTime(string text)
        => text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsDuration(string text) => DurationShape().IsMatch(text);

    private static int Number(Match match, string group)
        => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z", RegexOptions.None, 1000)]
    private static partial Regex DateShape();

    [GeneratedRegex(
        @"^(?<h>[0-9]{2}):(?<m>[0-9]{2}):(?<s>[0-9]{2})(?:\.[0-9]+)?(?:[zZ]|(?<sign>[+-])(?<oh>[0-9]{2}):(?<om>[0-9]{2}))\z",
        RegexOptions.None, 1000)]
    private static partial Regex TimeShape();

    [GeneratedRegex(
        @"^P(?:[0-9]+W|(?=[0-9]|T[0-9])(?:(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)?)(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?)\z",
        RegexOptions.None, 1000)]
    private static partial Regex DurationShape();
}
