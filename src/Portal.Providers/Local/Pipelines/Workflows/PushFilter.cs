using Portal.Core.Shared.Files;

namespace Portal.Providers.Local.Pipelines.Workflows;

/// <summary><c>on: push</c> with its filters; a null list is one that was not written.</summary>
internal sealed record PushFilter(
    IReadOnlyList<string>? Branches, IReadOnlyList<string>? BranchesIgnore, IReadOnlyList<string>? Tags,
    IReadOnlyList<string>? TagsIgnore,
    IReadOnlyList<string>? Paths, IReadOnlyList<string>? PathsIgnore)
{
    /// <summary>Of one list.</summary>
    public const int MaxPatterns = 100;

    /// <summary>
    /// Characters of paths times those of patterns. A push of more is not looked through: the workflow runs, as at
    /// GitHub.
    /// </summary>
    private const long MaxWork = 200_000_000;

    public static readonly PushFilter Everything = new(null, null, null, null, null, null);

    public bool NeedsChangedFiles => Paths is not null || PathsIgnore is not null;

    /// <param name="reference">Without <c>refs/heads/</c> or <c>refs/tags/</c>.</param>
    public bool TakesReference(string reference, bool isTag)
    {
        var (take, ignore, other) = isTag
            ? (Tags, TagsIgnore, Branches ?? BranchesIgnore)
            : (Branches, BranchesIgnore, Tags ?? TagsIgnore);
        if (take is not null) return Matches(take, reference);
        if (ignore is not null) return !Matches(ignore, reference);
        // Who filters only tags means no branch, and the other way round.
        return other is null;
    }

    /// <param name="changed">Null when unknown (a new branch): then the workflow runs, as at GitHub.</param>
    public bool TakesPaths(IReadOnlyList<string>? changed)
    {
        if (changed is null || changed.Sum(f => (long)f.Length) * (Length(Paths) + Length(PathsIgnore)) > MaxWork)
        {
            return true;
        }
        if (Paths is not null && Compile(Paths) is var take && !changed.Any(f => Matches(take, f))) return false;
        return PathsIgnore is null || (Compile(PathsIgnore) is var ignore && changed.Any(f => !Matches(ignore, f)));
    }

    private static long Length(IReadOnlyList<string>? patterns) => patterns?.Sum(p => (long)p.Length) ?? 0;

    private static bool Matches(IReadOnlyList<string> patterns, string text) => Matches(Compile(patterns), text);

    /// <summary>The last pattern that matches decides; <c>!</c> takes away.</summary>
    private static bool Matches(List<(bool Take, Glob Glob)> patterns, string text)
    {
        var taken = false;
        foreach (var (take, glob) in patterns)
        {
            if (taken != take && glob.IsMatch(text)) taken = take;
        }

        return taken;
    }

    private static List<(bool Take, Glob Glob)> Compile(IReadOnlyList<string> patterns) =>
        [.. patterns.Select(p => p.StartsWith('!') ? (false, Glob.ForFilter(p[1..])) : (true, Glob.ForFilter(p)))];
}
