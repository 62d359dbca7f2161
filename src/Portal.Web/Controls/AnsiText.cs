using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Web.Controls;

/// <summary>
/// Terminal output to HTML: colours and styles (SGR, ECMA-48 8.3.117) become classes, every other control sequence is
/// dropped, all text is escaped, web addresses become links. A style goes on over the end of a line, as in a terminal:
/// keep one instance per log.
/// </summary>
public sealed partial class AnsiText
{
    private int foreground = -1, background = -1;
    private bool bold, dim, italic, underline;

    public string Line(string text)
    {
        // What was overwritten on the same line (progress bars) is not shown.
        text = text.TrimEnd('\r', '\n');
        if (text.LastIndexOf('\r') is var overwritten and >= 0) text = text[(overwritten + 1)..];
        var html = new StringBuilder(text.Length + 16);
        var from = 0;
        foreach (Match control in Control().Matches(text))
        {
            Write(html, text.AsSpan(from, control.Index - from));
            from = control.Index + control.Length;
            if (control.Groups["sgr"] is { Success: true } sgr) Apply(sgr.ValueSpan);
        }

        Write(html, text.AsSpan(from));
        return html.ToString();
    }

    private void Write(StringBuilder html, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        var classes = Classes();
        if (classes.Length > 0) html.Append("<span class=\"").Append(classes).Append("\">");
        var from = 0;
        foreach (var address in Address().EnumerateMatches(text))
        {
            html.Append(WebUtility.HtmlEncode(text[from..address.Index].ToString()));
            var url = WebUtility.HtmlEncode(text.Slice(address.Index, address.Length).ToString());
            html.Append("<a href=\"").Append(url).Append("\" target=\"_blank\" rel=\"noopener noreferrer\">")
                .Append(url).Append("</a>");
            from = address.Index + address.Length;
        }

        html.Append(WebUtility.HtmlEncode(text[from..].ToString()));
        if (classes.Length > 0) html.Append("</span>");
    }

    private string Classes()
    {
        if (foreground < 0 && background < 0 && !bold && !dim && !italic && !underline) return "";
        List<string> names = [];
        if (foreground >= 0) names.Add($"fg-{foreground}");
        if (background >= 0) names.Add($"bg-{background}");
        if (bold) names.Add("bold");
        if (dim) names.Add("dim");
        if (italic) names.Add("italic");
        if (underline) names.Add("underline");
        return string.Join(' ', names);
    }

    private void Apply(ReadOnlySpan<char> parameters)
    {
        List<int> codes = [];
        foreach (var part in parameters.SplitAny(';', ':'))
        {
            codes.Add(int.TryParse(parameters[part], NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? code
                : 0);
        }

        for (var i = 0; i < codes.Count; i++)
        {
            switch (codes[i])
            {
                case 0: (foreground, background, bold, dim, italic, underline) =
                    (-1, -1, false, false, false, false); break;
                case 1: bold = true; break;
                case 2: dim = true; break;
                case 3: italic = true; break;
                case 4: underline = true; break;
                case 22: bold = dim = false; break;
                case 23: italic = false; break;
                case 24: underline = false; break;
                case >= 30 and <= 37: foreground = codes[i] - 30; break;
                case 38: foreground = Extended(codes, ref i); break;
                case 39: foreground = -1; break;
                case >= 40 and <= 47: background = codes[i] - 40; break;
                case 48: background = Extended(codes, ref i); break;
                case 49: background = -1; break;
                case >= 90 and <= 97: foreground = codes[i] - 82; break;
                case >= 100 and <= 107: background = codes[i] - 92; break;
            }
        }
    }

    /// <summary>
    /// 256 and 16 million colours become the nearest of the sixteen, which are made to be read in both themes.
    /// </summary>
    private static int Extended(List<int> codes, ref int i)
    {
        if (i + 2 < codes.Count && codes[i + 1] == 5)
        {
            var index = codes[i += 2];
            if (index < 16) return index;
            if (index >= 232) return index < 244 ? 8 : 7;
            index -= 16;
            return Nearest(index / 36 * 51, index / 6 % 6 * 51, index % 6 * 51);
        }

        if (i + 4 < codes.Count && codes[i + 1] == 2)
        {
            i += 4;
            return Nearest(codes[i - 2], codes[i - 1], codes[i]);
        }

        return -1;
    }

    private static int Nearest(int red, int green, int blue)
    {
        const int half = 128;
        var colour = (red >= half ? 1 : 0) + (green >= half ? 2 : 0) + (blue >= half ? 4 : 0);
        return Math.Max(red, Math.Max(green, blue)) > 220 && colour != 7 ? colour + 8 : colour;
    }

    [GeneratedRegex(@"\e\[(?<sgr>[\d;:]*)m|\e\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\e[\]PX^_].*?(?:\a|\e\\|$)|\e[\x20-\x2f]*[\x30-\x7e]?|[\x00-\x08\x0b-\x1f\x7f]",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Control();

    [GeneratedRegex(
        @"https?://[^\s<>""'`\\)\]}]+[^\s<>""'`\\)\]}.,:;!?]", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
