using System.Formats.Tar;
using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Workflows;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>Reads workflows and local actions out of a commit, never out of a folder that a job can write to.</summary>
internal sealed class CommitFiles(string repository, string commit)
{
    public const string Workflows = ".github/workflows";

    private const int MaxWorkflows = 200;

    /// <summary>
    /// Of all workflows of a commit together, in bytes. One that does not fit in is given by its size alone, which its
    /// reader refuses.
    /// </summary>
    private const long MaxBytes = 16 << 20;

    /// <summary>The text of every workflow of the commit by its path; empty when there is none.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadWorkflowsAsync(CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var left = MaxBytes;
        var fitting = new List<string>();
        foreach (var (path, size) in await ListWorkflowsAsync(cancellation))
        {
            if (size <= YamlReader.MaxBytes && (left -= size) >= 0) fitting.Add($":(literal){path}");
            else found[path] = new string('#', YamlReader.MaxBytes + 1);
        }

        if (fitting.Count == 0) return found;
        var archive = await GitCommand.RunAsync(
            repository, ["archive", "--format=tar", commit, "--", .. fitting], null, cancellation);
        using var tar = new TarReader(new MemoryStream(archive));
        while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            if (entry is not { EntryType: TarEntryType.RegularFile, DataStream: { } data }) continue;
            using var reader = new StreamReader(data);
            found[entry.Name] = await reader.ReadToEndAsync(cancellation);
        }

        return found;
    }

    private async Task<IReadOnlyList<(string Path, long Size)>> ListWorkflowsAsync(CancellationToken cancellation)
    {
        var listed = await GitCommand.RunAsync(
            repository, ["ls-tree", "-l", "-z", commit, $"{Workflows}/"], null, cancellation);
        var found = new List<(string, long)>();
        foreach (var line
            in System.Text.Encoding.UTF8.GetString(listed).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // mode, type, hash, size; then a tab and the path.
            var (facts, path) = (
                line[..line.IndexOf('\t', StringComparison.Ordinal)].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]);
            if (facts is ["100644" or "100755", "blob", _, var size] && Path.GetExtension(path) is ".yml" or ".yaml"
                && found.Count < MaxWorkflows)
            {
                found.Add((path, long.Parse(size, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        return found;
    }

    /// <summary>Null when there is no such file.</summary>
    public async Task<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(
                await GitCommand.RunAsync(repository, ["cat-file", "blob", $"{commit}:{path}"], null, cancellation));
        }
        catch (ProviderException failed) when (failed.Error.Code == "git-failed")
        {
            return null;
        }
    }
}
