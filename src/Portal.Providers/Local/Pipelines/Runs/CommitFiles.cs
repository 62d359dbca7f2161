using System.Formats.Tar;
using Portal.Core.Providers;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>Reads workflows and local actions out of a commit, never out of a folder that a job can write to.</summary>
internal sealed class CommitFiles(string repository, string commit)
{
    public const string Workflows = ".github/workflows";

    /// <summary>The text of every workflow of the commit by its path; empty when there is none.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadWorkflowsAsync(CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        byte[] archive;
        try
        {
            archive = await GitCommand.RunAsync(repository, ["archive", "--format=tar", commit, $":(glob){Workflows}/*.y*ml"], null, cancellation);
        }
        catch (ProviderException failed) when (failed.Message.Contains("did not match any files", StringComparison.Ordinal))
        {
            return found;
        }

        using var tar = new TarReader(new MemoryStream(archive));
        while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            if (entry is not { EntryType: TarEntryType.RegularFile, DataStream: { } data } || Path.GetExtension(entry.Name) is not (".yml" or ".yaml")) continue;
            using var reader = new StreamReader(data);
            found[entry.Name] = await reader.ReadToEndAsync(cancellation);
        }

        return found;
    }

    /// <summary>Null when there is no such file.</summary>
    public async Task<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(await GitCommand.RunAsync(repository, ["cat-file", "blob", $"{commit}:{path}"], null, cancellation));
        }
        catch (ProviderException failed) when (failed.Error.Code == "git-failed")
        {
            return null;
        }
    }
}
