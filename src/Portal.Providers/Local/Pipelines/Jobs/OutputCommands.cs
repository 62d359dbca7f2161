using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// Workflow commands in a step's output (<c>::error file=a.cs,line=3::text</c>), made readable; the first error is
/// kept.
/// </summary>
internal sealed partial class OutputCommands(Action<string> write, Action<string> mask)
{
    private string? stopped;

    public string? FirstError { get; private set; }

    public void Line(string line)
    {
        var text = line.TrimStart();
        if (stopped is not null)
        {
            if (text == $"::{stopped}::") stopped = null;
            else write(line);
            return;
        }

        if (!text.StartsWith("::", StringComparison.Ordinal) || Pattern().Match(text) is not { Success: true } match)
        {
            write(line);
            return;
        }

        var value = Decode(match.Groups["value"].Value, property: false);
        switch (match.Groups["name"].Value.ToLowerInvariant())
        {
            case "add-mask":
                mask(value);
                write("::add-mask::***");
                break;
            case "group": write($"##[group]{value}"); break;
            case "endgroup": write("##[endgroup]"); break;
            case "debug": break;
            case "stop-commands": stopped = value; break;
            case "error":
                FirstError ??= value;
                write($"##[error]{Place(match.Groups["properties"].Value)}{value}");
                break;
            case "warning" or "notice":
                write($"##[{match.Groups["name"].Value.ToLowerInvariant()}]{Place(match.Groups["properties"].Value)}{value}");
                break;
            default: write(line); break;
        }
    }

    private static string Place(string properties)
    {
        var all = properties.Split(',').Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0].Trim()).ToDictionary(
                g => g.Key, g => Decode(g.First()[1], property: true), StringComparer.OrdinalIgnoreCase);
        var made = new StringBuilder();
        if (all.TryGetValue("file", out var file))
        {
            made.Append(file);
            if (all.TryGetValue("line", out var line)) made.Append(':').Append(line);
            made.Append(": ");
        }

        if (all.TryGetValue("title", out var title)) made.Append(title).Append(": ");
        return made.ToString();
    }

    private static string Decode(string text, bool property)
    {
        if (!text.Contains('%')) return text;
        text = text.Replace("%0D", "\r", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal);
        if (property)
        {
            text = text.Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal);
        }
        return text.Replace("%25", "%", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        "^::(?<name>[A-Za-z][A-Za-z-]*)(?: (?<properties>.*?))?::(?<value>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
