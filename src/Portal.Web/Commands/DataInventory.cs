using System.Globalization;
using Portal.Core.Data.PrivateCluster;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>What a data folder holds, in words for who is about to remove it.</summary>
internal static class DataInventory
{
    public static IEnumerable<string> Describe(DataFolder data)
    {
        if (data.HeldBy() is { } pid) yield return $"the portal that runs on it (process {pid})";

        if (Directory.Exists(data.Postgres))
        {
            var running = new PrivatePostgres(new PrivatePostgresOptions { Folder = data.Postgres }).IsRunning;
            yield return $"the database: catalog, runs, environments, costs, activity ({Size(data.Postgres)}{(running ? ", running" : "")})";
        }

        var local = Path.Combine(data.Path, "local");
        var repositories = Folders(Path.Combine(local, "repositories")).SelectMany(Folders)
            .Select(path => Path.GetRelativePath(Path.Combine(local, "repositories"), path)).ToList();
        if (repositories.Count > 0)
        {
            yield return $"{repositories.Count} Git repositories ({Size(Path.Combine(local, "repositories"))}): {Some(repositories)}";
        }

        var environments =
            Folders(Path.Combine(local, "environments")).Select(path => Path.GetFileName(path)!).ToList();
        if (environments.Count > 0) yield return $"{environments.Count} environments: {Some(environments)}";

        var processes = OwnProcesses.Of(data.Path).Count;
        if (processes > 0) yield return $"{processes} running processes of its environments and pipelines";

        yield return $"{Size(data.Path)} in all";
    }

    private static IEnumerable<string> Folders(string path) =>
        Directory.Exists(path) ? Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal) : [];

    private static string Some(List<string> names) =>
        string.Join(", ", names.Take(10)) + (names.Count > 10 ? ", …" : "");

    private static string Size(string folder)
    {
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true
        };
        var bytes = new DirectoryInfo(folder).EnumerateFiles("*", all).Sum(file => file.Exists ? file.Length : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
    }
}
