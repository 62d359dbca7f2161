using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery;

/// <summary>The files that a pipeline run has kept, for who may read the run.</summary>
public sealed class ReadArtifacts(ReadPipelines pipelines, ProviderRegistry providers)
{
    /// <summary>In one download.</summary>
    public const int MostFiles = 100_000;

    /// <summary>Whether the portal can hand them out; else they are at their host.</summary>
    public bool CanRead(string provider) => providers.Find<IPipelineArtifacts>(provider) is not null;

    public async Task<Result<KeptArtifact>> FindAsync(
        string pipelineRun, string name, Actor actor, CancellationToken cancellation)
    {
        if (!(await pipelines.FindAsync(pipelineRun, actor, cancellation)).TryGet(out var run, out var refused))
        {
            return refused;
        }
        var host = providers.Find<IPipelineArtifacts>(run.Provider);
        if (host is null || run.Info.Artifacts.All(a => a.Name != name)) return Missing(name);
        var files = await host.FilesAsync(run.Id, name, MostFiles, cancellation);
        return files.Count == 0 ? Missing(name) : new KeptArtifact(host, run.Id, name, files);
    }

    private static Error Missing(string name) =>
        Error.NotFound("artifact-not-found", $"The pipeline run has not kept '{name}', or not any more.");
}

/// <summary>An artifact whose files can be opened one by one.</summary>
public sealed class KeptArtifact(
    IPipelineArtifacts host, string pipelineRun, string name, IReadOnlyList<ArtifactFile> files)
{
    public IReadOnlyList<ArtifactFile> Files => files;

    /// <summary>Null when it is gone.</summary>
    public Task<Stream?> OpenAsync(ArtifactFile file, CancellationToken cancellation) =>
        host.OpenAsync(pipelineRun, name, file.Path, cancellation);
}
