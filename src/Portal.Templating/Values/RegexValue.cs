using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Templating;

/// <summary>A JavaScript regular expression, run by .NET's engine with a time limit.</summary>
internal sealed class RegexValue
{
    // Patterns run on text that a person typed into a form: a match that takes longer is an attack or a mistake.
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    public RegexValue(string source, string flags)
    {
        Source = source;
        Flags = flags;
        if (flags.Distinct().Count() != flags.Length)
        {
            throw new EvaluationError($"the flags '{flags}' of a regular expression repeat one");
        }

        var options =
            RegexOptions.CultureInvariant | (flags.Contains('i') ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            var pattern = RegexTranslator.Translate(source, flags.Contains('m'));
            Pattern = new Regex(IsSticky ? @"\G(?:" + pattern + ")" : pattern, options, Timeout);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new EvaluationError($"r/{source}/{flags} is not a regular expression: {error.Message}");
        }
    }

    public string Source { get; }
    public string Flags { get; }
    public bool IsGlobal => Flags.Contains('g');
    public bool IsSticky => Flags.Contains('y');
    public Regex Pattern { get; }

    public override string ToString() => $"/{Source}/{string.Concat("gimy".Where(flag => Flags.Contains(flag)))}";

    /// <summary>Runs a use of the pattern; one that takes too long becomes an error of the template.</summary>
    public static T Limited<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateLimitException("A regular expression took longer than half a second; make it simpler.");
        }
    }

    public string Replace(string text, Func<Match, string> replacement)
    {
        var builder = new StringBuilder();
        var position = 0;
        Match? match = null;
        do
        {
            var previous = match;
            match = Limited(() => previous is null ? Pattern.Match(text) : previous.NextMatch());
            if (!match.Success) break;

            builder.Append(text, position, match.Index - position).Append(replacement(match));
            position = match.Index + match.Length;
            TextLimit.Check(builder.Length);
        }
        while (IsGlobal);
        return builder.Append(text, position, text.Length - position).ToString();
    }

    /// <summary>A replacement text with <c>$1</c>, <c>$&amp;</c> and the like filled in.</summary>
    public static string Expand(
        string template, string text, int index, string matched, IReadOnlyList<string?> groups,
        Func<string, string?>? named)
    {
        if (!template.Contains('$')) return template;

        var result = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            var next = template[at] == '$' && at + 1 < template.Length ? template[at + 1] : '\0';
            switch (next)
            {
                case '$':
                    result.Append('$');
                    break;
                case '&':
                    result.Append(matched);
                    break;
                case '`':
                    result.Append(text, 0, index);
                    break;
                case '\'':
                    result.Append(text.AsSpan(Math.Min(text.Length, index + matched.Length)));
                    break;
                case '<' when named is not null && template.IndexOf('>', at) is var end && end > 0:
                    result.Append(named(template[(at + 2)..end]));
                    at = end - 1;
                    break;
                case >= '0' and <= '9' when GroupNumber(template, at + 1, groups.Count) is var (number, length)
                    && number > 0:
                    result.Append(groups[number - 1]);
                    at += length - 1;
                    break;
                default:
                    result.Append(template[at]);
                    continue;
            }

            at++;
        }

        return result.ToString();
    }

    private static (int Number, int Length) GroupNumber(string template, int at, int count)
    {
        var one = template[at] - '0';
        if (at + 1 < template.Length && char.IsAsciiDigit(template[at + 1]))
        {
            var two = (one * 10) + template[at + 1] - '0';
            if (two >= 1 && two <= count) return (two, 2);
        }

        return one >= 1 && one <= count ? (one, 1) : (0, 0);
    }

    public static IReadOnlyList<string?> GroupsOf(Match match)
    {
        var groups = new string?[match.Groups.Count - 1];
        for (var index = 1; index < match.Groups.Count; index++)
        {
            groups[index - 1] = match.Groups[index].Success ? match.Groups[index].Value : null;
        }

        return groups;
    }
}
