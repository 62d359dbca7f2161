using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Web.Shared;

/// <summary>
/// A time in a query string, in UTC as the database wants it. A plus sign that nobody escaped arrives as a blank:
/// before an offset it can only have been one.
/// </summary>
internal readonly partial record struct Moment(DateTimeOffset Value)
{
    public static bool TryParse(string? text, out Moment moment)
    {
        var known = DateTimeOffset.TryParse(
            LostPlus().Replace(text ?? "", "+${offset}"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value);
        moment = new Moment(value.ToUniversalTime());
        return known;
    }

    [GeneratedRegex(
        @"(?<=[T ]\d{2}:\d{2}[\d:.]*) (?<offset>\d{2}:?\d{2})\z", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LostPlus();
}
