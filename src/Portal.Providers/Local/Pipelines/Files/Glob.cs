namespace Portal.Providers.Local.Pipelines.Files;

/// <summary>One of the field's glob patterns. Matching takes as many steps as the pattern is long for each character, whatever both are.</summary>
internal sealed class Glob
{
    public const int MaxLength = 500;

    private readonly List<Part> parts = [];
    private readonly bool withDescendants;

    private Glob(string pattern, bool withDescendants, bool filter)
    {
        this.withDescendants = withDescendants;
        for (var at = 0; at < pattern.Length;) at = Read(pattern, at, filter);
    }

    /// <summary>Of file paths: <c>*</c> and <c>?</c> stay inside a segment, <c>**</c> crosses them; what a folder holds matches with the folder.</summary>
    public static Glob ForFiles(string pattern) => new(Checked(pattern), withDescendants: true, filter: false);

    /// <summary>Of an <c>on:</c> filter, where <c>?</c> and <c>+</c> repeat the character before.</summary>
    public static Glob ForFilter(string pattern) => new(Checked(pattern), withDescendants: false, filter: true);

    public bool IsMatch(string text)
    {
        // Where in the pattern one can be after the characters so far.
        var (now, next) = (new bool[parts.Count + 1], new bool[parts.Count + 1]);
        Enter(now, 0);
        foreach (var character in text)
        {
            if (withDescendants && now[^1] && character == '/') return true;
            Array.Clear(next);
            for (var i = 0; i < parts.Count; i++)
            {
                if (!now[i] || !parts[i].Takes(character)) continue;
                // Staying is not entering: in the middle of a segment there is no way on.
                if (parts[i].Repeats) next[i] = true;
                if (!parts[i].Repeats || parts[i].MayEnd(character)) Enter(next, i + 1);
            }

            (now, next) = (next, now);
        }

        return now[^1];
    }

    private static string Checked(string pattern) => pattern.Length <= MaxLength
        ? pattern
        : throw new WorkflowException("pattern", 0, $"'{pattern[..50]}…' is longer than {MaxLength} characters.");

    private void Enter(bool[] places, int at)
    {
        while (!places[at])
        {
            places[at] = true;
            if (at == parts.Count || !parts[at].MayBeAbsent) return;
            at++;
        }
    }

    private int Read(string pattern, int at, bool filter)
    {
        var rest = pattern.AsSpan(at);
        switch (rest[0])
        {
            case '*' when rest.StartsWith("**/"):
                parts.Add(new Part(_ => true, Repeats: true, MayBeAbsent: true, EndsSegment: true));
                return at + 3;
            case '*' when rest.StartsWith("**"):
                parts.Add(new Part(_ => true, Repeats: true, MayBeAbsent: true));
                return at + 2;
            case '*':
                parts.Add(new Part(c => c != '/', Repeats: true, MayBeAbsent: true));
                return at + 1;
            case '?' when filter && parts.Count > 0:
                parts[^1] = parts[^1] with { MayBeAbsent = true };
                return at + 1;
            case '+' when filter && parts.Count > 0:
                parts[^1] = parts[^1] with { Repeats = true };
                return at + 1;
            case '?' when !filter:
                parts.Add(new Part(c => c != '/'));
                return at + 1;
            case '[' when pattern.IndexOf(']', at) is var end && end > at + 1:
                parts.Add(new Part(Set(pattern[(at + 1)..end])));
                return end + 1;
            case '\\' when rest.Length > 1:
                return Literal(rest[1], at + 2);
            default:
                return Literal(rest[0], at + 1);
        }
    }

    private int Literal(char character, int next)
    {
        parts.Add(new Part(c => c == character));
        return next;
    }

    /// <summary><c>abc</c>, <c>a-z</c>, <c>^…</c> for all others.</summary>
    private static Func<char, bool> Set(string text)
    {
        var others = text.Length > 1 && text[0] == '^';
        var ranges = new List<(char From, char To)>();
        for (var i = others ? 1 : 0; i < text.Length; i++)
        {
            var isRange = i + 2 < text.Length && text[i + 1] == '-';
            ranges.Add((text[i], isRange ? text[i + 2] : text[i]));
            if (isRange) i += 2;
        }

        return c => ranges.Exists(r => r.From <= c && c <= r.To) != others;
    }

    /// <param name="Takes">The characters that it stands for.</param>
    /// <param name="EndsSegment">It stands for whole segments: nothing, or what ends with a slash.</param>
    private sealed record Part(Func<char, bool> Takes, bool Repeats = false, bool MayBeAbsent = false, bool EndsSegment = false)
    {
        public bool MayEnd(char after) => !EndsSegment || after == '/';
    }
}
