using Portal.Providers.Local.Pipelines.Files;

namespace Portal.Providers.Local.Pipelines.Workflows;

/// <summary><c>on: push</c> with its filters; a null list is one that was not written.</summary>
internal sealed record PushFilter(
    IReadOnlyList<string>? Branches, IReadOnlyList<string>? BranchesIgnore, IReadOnlyList<string>? Tags, IReadOnlyList<string>? TagsIgnore,
    IReadOnlyList<string>? Paths, IReadOnlyList<string>? PathsIgnore)
{
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
        if (changed is null) return true;
        if (Paths is not null && !changed.Any(f => Matches(Paths, f))) return false;
        return PathsIgnore is null || changed.Any(f => !Matches(PathsIgnore, f));
    }

    /// <summary>The last pattern that matches decides; <c>!</c> takes away.</summary>
    private static bool Matches(IReadOnlyList<string> patterns, string text)
    {
        var taken = false;
        foreach (var pattern in patterns)
        {
            var not = pattern.StartsWith('!');
            if (Glob.ForFilter(not ? pattern[1..] : pattern).IsMatch(text)) taken = !not;
        }

        return taken;
    }
}
