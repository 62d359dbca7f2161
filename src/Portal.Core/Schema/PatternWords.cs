using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

/// <summary>
/// Says in words what the usual patterns of names ask for: ^ and $ around classes and plain characters. Any other
/// pattern has no words.
/// </summary>
internal static partial class PatternWords
{
    private static readonly string[] Many = ["lower-case letters", "upper-case letters", "digits", "letters"];
    private static readonly string[] One = ["a lower-case letter", "an upper-case letter", "a digit", "a letter"];

    /// <summary>
    /// "must start with a lower-case letter and have only lower-case letters, digits and '-'", or null.
    /// </summary>
    public static string? Describe(string pattern)
    {
        if (pattern.Length < 3 || pattern[0] != '^' || pattern[^1] != '$' || pattern[^2] == '\\') return null;

        var body = pattern[1..^1];
        var atoms = new List<(string Set, bool Optional)>();
        var at = 0;
        // Groups that only repeat do not change which characters may stand where they matter.
        foreach (Match match in Atoms().Matches(body))
        {
            if (match.Index != at) return null;

            at += match.Length;
            if (!match.Groups["set"].Success) continue;

            var count = match.Groups["count"].Value;
            atoms.Add((match.Groups["set"].Value, count.StartsWith('*') || count.StartsWith('?')
                || count.StartsWith("{0", StringComparison.Ordinal)));
        }

        if (at != body.Length || atoms.Count == 0) return null;

        var all = Names(atoms.Select(atom => atom.Set), Many);
        if (all is null) return null;

        var hasGroup = body.Contains('(');
        var start = atoms[0].Optional || atoms.Count == 1
            || hasGroup && body[0] == '(' ? null : Names([atoms[0].Set], One);
        var only = $"have only {Join(all, "and")}";
        var isSame = start is not null && Names([atoms[0].Set], Many)!.SequenceEqual(all);
        return start is null || isSame ? $"must {only}" : $"must start with {Join(start, "or")} and {only}";
    }

    private static List<string>? Names(IEnumerable<string> sets, string[] words)
    {
        var classes = new SortedSet<int>();
        var plain = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var set in sets)
        {
            if (!Collect(set, classes, plain)) return null;
        }

        List<string> names = classes.IsSupersetOf([0, 1])
            ? [words[3], .. classes.Where(c => c == 2).Select(c => words[c])]
            : [.. classes.Select(c => words[c])];
        return [.. names, .. plain];
    }

    private static bool Collect(string set, SortedSet<int> classes, SortedSet<string> plain)
    {
        var inner = set[0] == '[' ? set[1..^1] : set;
        if (inner.Length == 0 || inner[0] == '^') return false;

        var rest = Ranges().Replace(inner, range =>
        {
            foreach (var c in range.Value switch { "a-z" => (int[])[0], "A-Z" =>
            [
                1
            ], "0-9" or "\\d" => [2], _ => [0, 1, 2] })
            {
                classes.Add(c);
            }

            if (range.Value == "\\w") plain.Add("'_'");

            return "";
        });
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '\\' && ++i < rest.Length && char.IsAsciiLetterOrDigit(rest[i])) return false;

            // A range of another kind, such as a-f, has no short name.
            if (rest[i] == '-' && i > 0 && i < rest.Length - 1 && rest[i - 1] != '\\') return false;

            plain.Add(rest[i] == ' ' ? "spaces" : $"'{rest[i]}'");
        }

        return true;
    }

    private static string Join(List<string> names, string last)
        => names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} {last} {names[^1]}";

    [GeneratedRegex(
        @"(?<set>\[(?:\\.|[^\]\\])*\]|\\[dw]|\\[^A-Za-z0-9]|[A-Za-z0-9_\- /:@])(?<count>[*+?]|\{\d+(?:,\d*)?\})?|(?<group>\((?:\?:)?|\)(?:[*+?]|\{\d+(?:,\d*)?\})?)",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Atoms();

    [GeneratedRegex(@"a-z|A-Z|0-9|\\d|\\w", RegexOptions.None, 1000)]
    private static partial Regex Ranges();
}
