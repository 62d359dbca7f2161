using System.Globalization;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// A folder in which a repository is made or taken apart. Its name says which process is at it, so that the one that
/// tidies up leaves alone what others are still working on.
/// </summary>
internal static class AsideFolder
{
    private static readonly string Prefix = string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{ProcessTable.StartTime(Environment.ProcessId)}-");

    /// <summary>A path at which nothing is yet.</summary>
    public static string New(LocalFolders folders) =>
        Path.Combine(folders.Aside, Prefix + Guid.NewGuid().ToString("N"));

    /// <summary>What was left half-made by processes that have ended.</summary>
    public static IReadOnlyList<string> Abandoned(LocalFolders folders) =>
        Directory.Exists(folders.Aside)
            ? [.. Directory.EnumerateDirectories(folders.Aside).Where(f => !IsInUse(Path.GetFileName(f)))] : [];

    private static bool IsInUse(string name) => name.Split('-') is [var pid, var started, _]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && ProcessTable.StartTime(process) == at;
}
