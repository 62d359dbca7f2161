namespace Portal.Core.Shared.Files;

/// <summary>What stands for characters in a <see cref="Glob"/>, one after the other.</summary>
/// <param name="Takes">The characters that it stands for.</param>
/// <param name="EndsSegment">It stands for whole segments: nothing, or what ends with a slash.</param>
internal sealed record GlobPart(
    Func<char, bool> Takes, bool Repeats = false, bool MayBeAbsent = false, bool EndsSegment = false)
{
    /// <summary>Takes nothing: one leaves by its ways alone.</summary>
    public static GlobPart Fork() => new(_ => false);

    /// <summary>Other parts that one comes to from in front of it, by their index.</summary>
    public List<int> Ways { get; } = [];

    public bool MayEnd(char after) => !EndsSegment || after == '/';
}

/// <summary>Reads a pattern.</summary>
/// <param name="quantifiers"><c>?</c> and <c>+</c> are said of the character before them.</param>
/// <param name="braces"><c>{a,b}</c> is one of several.</param>
internal sealed class GlobReader(bool quantifiers, bool braces)
{
    private readonly List<GlobPart> parts = [];

    /// <summary>The braces that are open: where each begins, and the ends of its alternatives so far.</summary>
    private readonly Stack<(GlobPart Begin, List<GlobPart> Ends)> open = new();

    public GlobPart[] Read(string pattern)
    {
        for (var at = 0; at < pattern.Length;) at = Part(pattern, at);
        return open.Count == 0 ? [.. parts] : throw new FormatException($"'{pattern}' has a {{ that is not closed.");
    }

    /// <returns>Where the next one begins.</returns>
    private int Part(string pattern, int at)
    {
        var rest = pattern.AsSpan(at);
        switch (rest[0])
        {
            case '*' when rest.StartsWith("**/"):
                return Add(new GlobPart(_ => true, Repeats: true, MayBeAbsent: true, EndsSegment: true), at + 3);
            case '*' when rest.StartsWith("**"):
                return Add(new GlobPart(_ => true, Repeats: true, MayBeAbsent: true), at + 2);
            case '*':
                return Add(new GlobPart(c => c != '/', Repeats: true, MayBeAbsent: true), at + 1);
            case '?' when quantifiers && parts.Count > 0:
                parts[^1] = parts[^1] with { MayBeAbsent = true };
                return at + 1;
            case '+' when quantifiers && parts.Count > 0:
                parts[^1] = parts[^1] with { Repeats = true };
                return at + 1;
            case '?' when !quantifiers:
                return Add(new GlobPart(c => c != '/'), at + 1);
            case '[' when pattern.IndexOf(']', at) is var end && end > at + 1:
                return Add(new GlobPart(Set(pattern[(at + 1)..end])), end + 1);
            case '\\' when rest.Length > 1:
                return Literal(rest[1], at + 2);
            case '{' when braces && rest.Contains('}'):
                return Begin(at + 1);
            case ',' when open.Count > 0:
                return Another(at + 1);
            case '}' when open.Count > 0:
                return End(at + 1);
            default:
                return Literal(rest[0], at + 1);
        }
    }

    private int Add(GlobPart part, int next)
    {
        parts.Add(part);
        return next;
    }

    private int Literal(char character, int next) => Add(new GlobPart(c => c == character), next);

    private int Begin(int next)
    {
        var begin = GlobPart.Fork();
        open.Push((begin, []));
        Add(begin, next);
        begin.Ways.Add(parts.Count);
        return next;
    }

    private int Another(int next)
    {
        var (begin, ends) = open.Peek();
        ends.Add(GlobPart.Fork());
        Add(ends[^1], next);
        begin.Ways.Add(parts.Count);
        return next;
    }

    private int End(int next)
    {
        foreach (var end in open.Pop().Ends) end.Ways.Add(parts.Count);
        return next;
    }

    /// <summary>Without a closure: it is asked for each character.</summary>
    private static bool IsIn(List<(char From, char To)> ranges, char character)
    {
        foreach (var (from, to) in ranges)
        {
            if (from <= character && character <= to) return true;
        }
        return false;
    }

    /// <summary><c>abc</c>, <c>a-z</c>; <c>^…</c>, and where files are meant <c>!…</c>, for all others.</summary>
    private Func<char, bool> Set(string text)
    {
        var others = text.Length > 1 && (text[0] == '^' || (text[0] == '!' && !quantifiers));
        var ranges = new List<(char From, char To)>();
        for (var i = others ? 1 : 0; i < text.Length; i++)
        {
            var isRange = i + 2 < text.Length && text[i + 1] == '-';
            ranges.Add((text[i], isRange ? text[i + 2] : text[i]));
            if (isRange) i += 2;
        }

        return c => IsIn(ranges, c) != others;
    }
}
