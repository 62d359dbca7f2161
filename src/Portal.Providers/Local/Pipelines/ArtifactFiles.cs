using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;

namespace Portal.Providers.Local.Pipelines;

/// <summary>
/// What runs have uploaded, for people: read from the shared folder by every process. Jobs wrote the names in it, so no
/// link is followed and nothing above the artifact is reached.
/// </summary>
internal sealed class ArtifactFiles(Machine machine) : IPipelineArtifacts
{
    private static readonly EnumerationOptions FilesAlone = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
    };

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public Task<IReadOnlyList<ArtifactFile>> FilesAsync(
        string pipelineRun, string artifact, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (FolderOf(pipelineRun, artifact) is not { } folder)
        {
            return Task.FromResult<IReadOnlyList<ArtifactFile>>([]);
        }
        IReadOnlyList<ArtifactFile> files =
        [
            .. new DirectoryInfo(folder).EnumerateFiles("*", FilesAlone)
                .Select(f => new ArtifactFile(Path.GetRelativePath(folder, f.FullName), f.Length))
                .Take(limit).OrderBy(f => f.Path, StringComparer.Ordinal),
        ];
        return Task.FromResult(files);
    }

    public Task<Stream?> OpenAsync(
        string pipelineRun, string artifact, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (FolderOf(pipelineRun, artifact) is not { } folder || path.Contains('\0')
            || path.Split('/').Any(p => p is "" or "." or ".."))
        {
            return Task.FromResult<Stream?>(null);
        }
        var file = new FileInfo(Path.GetFullPath(Path.Combine(folder, path)));
        return Task.FromResult<Stream?>(IsPlainBelow(folder, file) ? file.OpenRead() : null);
    }

    private string? FolderOf(string run, string artifact)
    {
        if (!RunFolders.IsId(run) || !UploadArtifactAction.IsName(artifact)) return null;
        var folder = Path.Combine(machine.Folders.Artifacts(run), artifact);
        return Directory.Exists(folder) ? folder : null;
    }

    private static bool IsPlainBelow(string folder, FileInfo file)
    {
        if (!file.Exists || !file.FullName.StartsWith(folder + "/", StringComparison.Ordinal)) return false;
        if (file.LinkTarget is not null) return false;
        for (var above = file.Directory; above is not null && above.FullName.Length > folder.Length;
            above = above.Parent)
        {
            if (above.LinkTarget is not null) return false;
        }
        return true;
    }
}
