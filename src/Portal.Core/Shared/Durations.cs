using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Portal.Core.Shared;

/// <summary>How long something lasts, as people write it: the one grammar of templates, forms and the API.</summary>
public static partial class Durations
{
    public const string Examples = "12h, 7d, 2w, or ISO 8601 such as P7D";

    /// <summary>A number and m, h, d or w; or ISO 8601 (<c>PT12H</c>, <c>P7D</c>, <c>P2W</c>). Above zero.</summary>
    public static bool TryParse(string? text, out TimeSpan span)
    {
        span = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40) return false;
        var simple = Simple().Match(text.Trim());
        if (simple.Success)
        {
            if (!int.TryParse(simple.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count is < 1 or > 100_000)
            {
                return false;
            }
            span = simple.Groups[2].Value switch
            {
                "m" => TimeSpan.FromMinutes(count),
                "h" => TimeSpan.FromHours(count),
                "d" => TimeSpan.FromDays(count),
                _ => TimeSpan.FromDays(7.0 * count),
            };
            return true;
        }
        try
        {
            span = XmlConvert.ToTimeSpan(
                Weeks().Replace(
                    text.Trim(), m => $"P{7 * int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)}D"));
            return span > TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    [GeneratedRegex("^([0-9]+) ?([mhdw])$")]
    private static partial Regex Simple();

    [GeneratedRegex("^P([0-9]{1,4})W$")]
    private static partial Regex Weeks();
}
