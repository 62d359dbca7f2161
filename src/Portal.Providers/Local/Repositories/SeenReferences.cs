namespace Portal.Providers.Local.Repositories;

/// <summary>
/// The branches of a repository as they were last told to everybody who follows pushes; a file inside the repository. What differs
/// from the branches of now has been pushed and not been told yet.
/// </summary>
/// <param name="Sequence">Goes up with each write: part of a push's id.</param>
internal sealed record SeenReferences(long Sequence, SortedDictionary<string, string> Branches)
{
    private const string FileName = "portal-seen.json";

    /// <summary>A repository without the file was not made here: all of its branches are new.</summary>
    public static SeenReferences Read(string folder) =>
        AtomicFile.ReadJson<SeenReferences>(Path.Combine(folder, FileName)) ?? new SeenReferences(0, new SortedDictionary<string, string>(StringComparer.Ordinal));

    public static void Write(string folder, SeenReferences seen) => AtomicFile.WriteJson(Path.Combine(folder, FileName), seen);

    /// <summary>The branches that differ, each with the commits before and after; null where there is none.</summary>
    public IEnumerable<(string Branch, string? Before, string? After)> Changes(IReadOnlyDictionary<string, string> now) =>
        from branch in Branches.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
        let before = Branches.GetValueOrDefault(branch)
        let after = now.GetValueOrDefault(branch)
        where before != after
        select (branch, before, after);
}
