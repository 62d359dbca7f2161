using Portal.Core.Shared.Files;

namespace Portal.Providers.Local.Pipelines.Files;

/// <param name="Path">Relative to the workspace, with forward slashes.</param>
internal sealed record WorkspaceFile(string Path, bool IsLink);

/// <summary>A pattern of a workflow, relative to the workspace.</summary>
/// <param name="Takes">False: it begins with <c>!</c> and takes away.</param>
internal sealed record FilePattern(bool Takes, string Path, Glob Glob);

/// <summary>Finds the files that glob patterns name.</summary>
internal static class WorkspaceFiles
{
    /// <summary>Characters of paths times those of patterns: some seconds.</summary>
    private const long MaxWork = 1_000_000_000;

    /// <summary>Those that begin with <c>#</c> are remarks.</summary>
    /// <exception cref="PathOutsideException">A pattern points out of the workspace.</exception>
    public static IReadOnlyList<FilePattern> Parse(string workspace, IEnumerable<string> patterns) =>
    [
        .. patterns.Where(p => p is not ("" or "!") && p[0] != '#')
            .Select(p => (Takes: p[0] != '!', Path: Normalise(workspace, p.TrimStart('!'))))
            .Select(p => new FilePattern(p.Takes, p.Path, GlobOf(p.Path))),
    ];

    /// <exception cref="WorkflowException">It is too long.</exception>
    public static Glob GlobOf(string pattern)
    {
        try
        {
            return Glob.ForFiles(pattern);
        }
        catch (FormatException e)
        {
            throw new WorkflowException("pattern", 0, e.Message);
        }
    }

    /// <summary>
    /// Files and links in the order of their paths; patterns that take away do so in the order written.
    /// </summary>
    /// <exception cref="WorkflowException">Files times patterns are more than can be looked through.</exception>
    public static List<WorkspaceFile> Match(IReadOnlyList<FilePattern> patterns, IReadOnlyList<WorkspaceFile> listed)
    {
        if (patterns.Count == 0) return [];
        if (patterns.Sum(p => (long)p.Path.Length) * listed.Sum(f => (long)f.Path.Length) > MaxWork)
        {
            throw new WorkflowException(
                "pattern", 0,
                $"the {patterns.Count} patterns are too long for the {listed.Count} files of the workspace: write "
                + "fewer, or shorter ones.");
        }

        var found = new List<WorkspaceFile>();
        foreach (var file in listed)
        {
            var taken = false;
            foreach (var pattern in patterns)
            {
                if (taken != pattern.Takes && pattern.Glob.IsMatch(file.Path)) taken = pattern.Takes;
            }

            if (taken) found.Add(file);
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    /// <summary>
    /// A pattern relative to the workspace, without <c>.</c> and <c>..</c>; "**" for the workspace itself.
    /// </summary>
    public static string Normalise(string workspace, string pattern)
    {
        var path = pattern.Trim();
        if (path.StartsWith('~')) throw new PathOutsideException(pattern);
        if (path.StartsWith('/'))
        {
            if (path != workspace && !path.StartsWith(workspace + "/", StringComparison.Ordinal))
            {
                throw new PathOutsideException(pattern);
            }
            path = path[workspace.Length..];
        }

        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..")
            {
                parts.Add(part);
            }
            else
            {
                if (parts.Count == 0) throw new PathOutsideException(pattern);
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return parts.Count == 0 ? "**" : string.Join('/', parts);
    }
}

/// <summary>A path of a workflow that points out of its workspace.</summary>
internal sealed class PathOutsideException(string path) : Exception(
    $"the path '{path.Trim()}' leads out of the workspace");
