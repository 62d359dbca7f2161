namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// The commit that is checked out around a folder, read from Git's own files: no process is started for it.
/// </summary>
internal static class GitCommit
{
    /// <summary>Null when the folder is in no Git work tree, or nothing is committed yet.</summary>
    public static string? Of(string folder)
    {
        try
        {
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            {
                var git = Path.Combine(at.FullName, ".git");
                if (Directory.Exists(git)) return Head(git, git);
                // In a linked work tree .git is a file that names the real place.
                if (File.Exists(git)) return Linked(at.FullName, File.ReadAllText(git).Trim());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Provenance is good to have; a repository that cannot be read is no reason to have no template.
        }
        return null;
    }

    private static string? Linked(string folder, string text)
    {
        if (!text.StartsWith("gitdir:", StringComparison.Ordinal)) return null;
        var git = Path.GetFullPath(text["gitdir:".Length..].Trim(), folder);
        var common = Path.Combine(git, "commondir");
        return Head(git, File.Exists(common) ? Path.GetFullPath(File.ReadAllText(common).Trim(), git) : git);
    }

    private static string? Head(string git, string common)
    {
        var head = Read(Path.Combine(git, "HEAD"));
        if (head is null || !head.StartsWith("ref:", StringComparison.Ordinal)) return head;
        var reference = head["ref:".Length..].Trim();
        return Read(Path.Combine(git, reference)) ?? Read(Path.Combine(common, reference)) ?? Packed(common, reference);
    }

    private static string? Packed(string common, string reference)
    {
        var packed = Path.Combine(common, "packed-refs");
        if (!File.Exists(packed)) return null;
        return File.ReadLines(packed).FirstOrDefault(
            l => l.EndsWith(" " + reference, StringComparison.Ordinal))?.Split(' ')[0];
    }

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;
}
