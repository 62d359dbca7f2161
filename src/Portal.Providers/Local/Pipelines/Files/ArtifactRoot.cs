namespace Portal.Providers.Local.Pipelines.Files;

/// <summary>
/// What paths in an artifact are relative to. One pattern: its part before the first wildcard, or the folder of the one
/// file that it names. Several: the least common ancestor of those parts.
/// </summary>
internal static class ArtifactRoot
{
    /// <returns>Relative to the workspace; empty for the workspace itself.</returns>
    public static string Of(IReadOnlyList<FilePattern> patterns, List<WorkspaceFile> files)
    {
        var tops = patterns.Where(p => p.Takes).Select(p => Fixed(p.Path)).Distinct(StringComparer.Ordinal).ToList();
        if (tops.Count == 0) return "";
        if (tops is [var only]) return files is [var file] && file.Path == only ? Parent(only) : only;
        var common = tops[0].Split('/');
        foreach (var top in tops.Skip(1))
        {
            common = [.. common.Zip(top.Split('/')).TakeWhile(p => p.First == p.Second).Select(p => p.First)];
        }

        var made = string.Join('/', common);
        return files.Exists(f => f.Path == made) ? Parent(made) : made;
    }

    private static string Fixed(string pattern)
    {
        var parts = pattern.Split('/').TakeWhile(p => p.IndexOfAny(['*', '?', '[']) < 0);
        return string.Join('/', parts);
    }

    private static string Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";
}
