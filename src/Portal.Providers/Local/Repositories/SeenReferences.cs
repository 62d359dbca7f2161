namespace Portal.Providers.Local.Repositories;

/// <summary>
/// The branches and tags of a repository as they were last told to everybody who follows pushes; a file inside the
/// repository. What differs from those of now has been pushed and not been told yet.
/// </summary>
/// <param name="Sequence">Goes up with each write: part of a push's id.</param>
/// <param name="Tags">Null: written when only branches were followed; then the tags of now are no news.</param>
internal sealed record SeenReferences(
    long Sequence, SortedDictionary<string, string> Branches, SortedDictionary<string, string>? Tags)
{
    private const string FileName = "portal-seen.json";

    /// <summary>The repository as it is now.</summary>
    public static SeenReferences Now(string folder, long sequence) =>
        new(sequence, GitReferences.Branches(folder), GitReferences.Tags(folder));

    /// <summary>A repository without the file was not made here: all that it has is new.</summary>
    public static SeenReferences Read(string folder) =>
        AtomicFile.ReadJson<SeenReferences>(Path.Combine(folder, FileName))
            ?? new SeenReferences(0, Nothing(), Nothing());

    public static void Write(string folder, SeenReferences seen) =>
        AtomicFile.WriteJson(Path.Combine(folder, FileName), seen);

    /// <summary>
    /// Branches, then tags, that differ, each with the commits before and after; null where there is none.
    /// </summary>
    public IEnumerable<(string Name, bool IsTag, string? Before, string? After)> Changes(SeenReferences now) =>
        [.. Changes(Branches, now.Branches, isTag: false), .. Changes(Tags ?? now.Tags!, now.Tags!, isTag: true)];

    private static IEnumerable<(string Name, bool IsTag, string? Before, string? After)> Changes(
        SortedDictionary<string, string> seen, SortedDictionary<string, string> now, bool isTag) =>
        from name in seen.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
        let before = seen.GetValueOrDefault(name)
        let after = now.GetValueOrDefault(name)
        where before != after
        select (name, isTag, before, after);

    private static SortedDictionary<string, string> Nothing() => new(StringComparer.Ordinal);
}
