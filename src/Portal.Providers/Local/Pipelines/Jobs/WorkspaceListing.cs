using System.Text;
using Portal.Providers.Local.Pipelines.Files;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>The files and links of a job's workspace, as the job itself finds them.</summary>
internal static class WorkspaceListing
{
    public const int MaxFiles = 200_000;

    /// <exception cref="IOException">There are too many, or looking took too long.</exception>
    public static async Task<IReadOnlyList<WorkspaceFile>> ReadAsync(
        JobContext job, bool hidden, TimeSpan? timeout, CancellationToken cancellation)
    {
        string[] visible = hidden ? [] : ["-name", ".*", "-prune", "-o"];
        var found = new List<WorkspaceFile>();
        var tooMany = false;
        var exit = await job.ReadAsync(
            [
                "sh", "-c", "exec find . -mindepth 1 \"$@\" 2>/dev/null", "sh", .. visible, "(", "-type", "f", "-o",
                "-type", "l", ")", "-printf", "%y%P\\0"],
            job.Folders.Workspace, async stream =>
            {
                await foreach (var line in NulLines.ReadAsync(stream))
                {
                    tooMany |= found.Count >= MaxFiles;
                    if (!tooMany)
                    {
                        found.Add(new WorkspaceFile(Encoding.UTF8.GetString(line.AsSpan(1)), line[0] == (byte)'l'));
                    }
                }
            }, timeout, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (tooMany) throw new IOException($"The workspace holds more than {MaxFiles} files.");
        return exit.End == Processes.ProcessEnd.Exited
            ? found : throw new IOException("Looking through the workspace took too long and was ended.");
    }
}
