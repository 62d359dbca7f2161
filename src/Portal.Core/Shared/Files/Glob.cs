namespace Portal.Core.Shared.Files;

/// <summary>
/// One of the field's patterns for paths. There are three spellings of them, which differ where people expect them to;
/// matching is the same: it takes as many steps as the pattern is long for each character, whatever both are.
/// </summary>
/// <remarks>
/// Everywhere <c>*</c> stays inside a segment, <c>**</c> crosses them, <c>**/</c> stands for whole segments or none,
/// <c>[a-z]</c> for one of them, <c>\</c> takes the meaning from what follows, and names that begin with a dot are
/// names like others.
/// </remarks>
public sealed class Glob
{
    public const int MaxLength = 500;

    private readonly GlobPart[] parts;
    private readonly bool withDescendants;

    private Glob(string pattern, GlobReader reader, bool withDescendants)
    {
        (Pattern, this.withDescendants) = (pattern, withDescendants);
        parts = reader.Read(pattern.Length <= MaxLength
            ? pattern : throw new FormatException(
                $"'{Words.Short(pattern, 50)}' is longer than {MaxLength} characters."));
    }

    public string Pattern { get; }

    /// <summary>
    /// As actions of workflows have it (<c>@actions/glob</c>): <c>?</c> is one character of a segment, <c>[!a]</c> and
    /// <c>[^a]</c> any other. Braces are braces. What names a folder means all in it.
    /// </summary>
    /// <exception cref="FormatException">It is too long.</exception>
    public static Glob ForFiles(string pattern) =>
        new(pattern, new GlobReader(quantifiers: false, braces: false), true);

    /// <summary>
    /// As Backstage's actions have it: as <see cref="ForFiles"/>, and <c>{a,b}</c> is one of several.
    /// </summary>
    /// <exception cref="FormatException">It is too long, or a brace is not closed.</exception>
    public static Glob ForTemplates(string pattern) =>
        new(pattern, new GlobReader(quantifiers: false, braces: true), true);

    /// <summary>
    /// As the filters of a workflow's <c>on:</c> have it: <c>?</c> and <c>+</c> repeat the character before, none or
    /// once and once or more. It means the whole of a branch, tag or path, and nothing below.
    /// </summary>
    /// <exception cref="FormatException">It is too long.</exception>
    public static Glob ForFilter(string pattern) =>
        new(pattern, new GlobReader(quantifiers: true, braces: false), false);

    public bool IsMatch(string text) => IsMatch(text, out _);

    /// <param name="steps">
    /// What it cost, for who bounds that: at most as many as the pattern is long for each character.
    /// </param>
    public bool IsMatch(string text, out long steps)
    {
        steps = 0;
        // Where in the pattern one can be after the characters so far.
        var (now, next) = (new bool[parts.Length + 1], new bool[parts.Length + 1]);
        Enter(now, 0);
        foreach (var character in text)
        {
            if (withDescendants && now[^1] && character == '/') return true;
            if (!now.AsSpan().Contains(true)) return false;
            Array.Clear(next);
            steps += parts.Length;
            for (var i = 0; i < parts.Length; i++)
            {
                if (!now[i]) continue;
                var part = parts[i];
                if (!part.Takes(character)) continue;
                // Staying is not entering: in the middle of a segment there is no way on.
                if (part.Repeats) next[i] = true;
                if (!part.Repeats || part.MayEnd(character)) Enter(next, i + 1);
            }

            (now, next) = (next, now);
        }

        return now[^1];
    }

    /// <summary>To be there is also to be wherever one comes to without a character.</summary>
    private void Enter(bool[] places, int at)
    {
        while (!places[at])
        {
            places[at] = true;
            if (at == parts.Length) return;
            var part = parts[at];
            foreach (var way in part.Ways) Enter(places, way);
            if (!part.MayBeAbsent) return;
            at++;
        }
    }
}
