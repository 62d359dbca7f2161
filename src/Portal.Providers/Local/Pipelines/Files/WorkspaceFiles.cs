namespace Portal.Providers.Local.Pipelines.Files;

/// <param name="Path">Relative to the workspace, with forward slashes.</param>
internal sealed record WorkspaceFile(string Path, bool IsLink);

/// <summary>Finds the files that glob patterns name.</summary>
internal static class WorkspaceFiles
{
    /// <summary>Characters of paths times those of patterns: some seconds.</summary>
    private const long MaxWork = 1_000_000_000;

    /// <summary>Files and links in the order of their paths; patterns that begin with <c>!</c> take away, in the order written.</summary>
    /// <exception cref="PathOutsideException">A pattern points out of the workspace.</exception>
    /// <exception cref="WorkflowException">Files times patterns are more than can be looked through.</exception>
    public static List<WorkspaceFile> Match(string workspace, IReadOnlyList<string> patterns, IReadOnlyList<WorkspaceFile> listed)
    {
        var rules = patterns.Where(p => p is not ("" or "!") && p[0] != '#')
            .Select(p => (Take: p[0] != '!', Glob: Glob.ForFiles(Normalise(workspace, p.TrimStart('!')))))
            .ToList();
        if (rules.Count == 0) return [];
        if (patterns.Sum(p => (long)p.Length) * listed.Sum(f => (long)f.Path.Length) > MaxWork)
            throw new WorkflowException("pattern", 0, $"the {rules.Count} patterns are too long for the {listed.Count} files of the workspace: write fewer, or shorter ones.");
        var found = new List<WorkspaceFile>();
        foreach (var file in listed)
        {
            var taken = false;
            foreach (var (take, glob) in rules)
            {
                if (taken != take && glob.IsMatch(file.Path)) taken = take;
            }

            if (taken) found.Add(file);
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    /// <summary>A pattern relative to the workspace, without <c>.</c> and <c>..</c>; "**" for the workspace itself.</summary>
    public static string Normalise(string workspace, string pattern)
    {
        var path = pattern.Trim();
        if (path.StartsWith('~')) throw new PathOutsideException(pattern);
        if (path.StartsWith('/'))
        {
            if (path != workspace && !path.StartsWith(workspace + "/", StringComparison.Ordinal)) throw new PathOutsideException(pattern);
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
internal sealed class PathOutsideException(string path) : Exception($"the path '{path.Trim()}' leads out of the workspace");
