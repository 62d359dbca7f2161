namespace Portal.Web.Commands;

/// <summary>Removes a folder with all that is in it; what is mounted there is emptied.</summary>
internal static class FolderRemoval
{
    /// <summary>Made by a file system for itself.</summary>
    private const string LostAndFound = "lost+found";

    /// <param name="folder">Where it is a link, what it leads to is emptied.</param>
    /// <param name="last">A file in it that goes when all else is gone, so that what was interrupted can be done
    /// again.</param>
    /// <returns>Why the empty folder itself stays; null when it is gone.</returns>
    public static string? Remove(string folder, string last)
    {
        var mounts = Mounts();
        var real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
        Empty(real, mounts, Path.GetFileName(last));
        File.Delete(Path.Combine(real, Path.GetFileName(last)));
        if (mounts.Contains(real)) return "the folder itself stays, because it is a mount point";
        if (real != folder) return "the folder itself stays, because a link leads to it";
        try
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the folder itself stays ({e.Message})";
        }
    }

    private static void Empty(string folder, HashSet<string> mounts, string? but)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.Name == but || (entry.Name == LostAndFound && mounts.Contains(folder))) continue;
            if (entry is not DirectoryInfo inner || inner.LinkTarget is not null) entry.Delete();
            else if (mounts.Any(
                m => m == inner.FullName || m.StartsWith(inner.FullName + "/", StringComparison.Ordinal)))
            {
                Empty(inner.FullName, mounts, null);
                if (!inner.EnumerateFileSystemInfos().Any() && !mounts.Contains(inner.FullName)) inner.Delete();
            }
            else inner.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Where something is mounted, as the kernel tells: the fifth field, with blanks as octal numbers.
    /// </summary>
    private static HashSet<string> Mounts()
    {
        const string file = "/proc/self/mountinfo";
        return File.Exists(file)
            ? File.ReadLines(file).Select(line => line.Split(' ')).Where(fields => fields.Length > 4)
                .Select(fields => fields[4].Replace("\\040", " ", StringComparison.Ordinal)
                .Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal))
                .ToHashSet(StringComparer.Ordinal)
            : [];
    }
}
