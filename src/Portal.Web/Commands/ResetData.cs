using Portal.Core.Data.PrivateCluster;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>
/// Removes a data folder with what runs from it. It says first what that is and asks for the folder's name; a portal
/// that runs on it, its environments and its private PostgreSQL are stopped.
/// </summary>
internal static class ResetData
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(
        string folder, TextReader input, TextWriter output, CancellationToken cancellation)
    {
        var data = new DataFolder(folder);
        if (!Directory.Exists(data.Path))
        {
            await output.WriteLineAsync($"{data.Path} does not exist: nothing to reset.");
            return 0;
        }

        if (!File.Exists(data.Marker))
        {
            throw new StartupException(
                $"{data.Path} is not the data folder of a portal: give the one that it was started with, --data DIR");
        }

        var name = Path.GetFileName(data.Path);
        await output.WriteLineAsync($"This removes {data.Path} and all that is in it:");
        foreach (var line in DataInventory.Describe(data)) await output.WriteLineAsync($"  - {line}");

        await output.WriteAsync($"Type {name} to remove it: ");
        if ((await input.ReadLineAsync(cancellation))?.Trim() != name)
        {
            await output.WriteLineAsync("Nothing was removed.");
            return 1;
        }

        await StopAsync(data, cancellation);
        await output.WriteLineAsync(FolderRemoval.Remove(data.Path, last: data.Marker) is { } kept
            ? $"Emptied {data.Path}; {kept}."
            : $"Removed {data.Path}.");
        return 0;
    }

    private static async Task StopAsync(DataFolder data, CancellationToken cancellation)
    {
        var ended = new HashSet<int>();
        while (data.HeldBy() is { } portal && ended.Add(portal))
        {
            await OwnProcesses.EndAsync(portal, Grace, cancellation);
        }

        // All at once: the first process of a sandbox ends when the others have.
        await Task.WhenAll(OwnProcesses.Of(data.Path).Select(pid => OwnProcesses.EndAsync(pid, Grace, cancellation)));

        var postgres = new PrivatePostgres(new PrivatePostgresOptions { Folder = data.Postgres });
        await postgres.StopAsync(cancellation);
        postgres.RemoveOutside();
    }
}
