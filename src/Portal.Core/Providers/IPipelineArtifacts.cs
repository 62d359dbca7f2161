namespace Portal.Core.Providers;

/// <summary>Capability: the files that pipeline runs have kept. Who may read them is asked before.</summary>
public interface IPipelineArtifacts : IProvider
{
    /// <summary>
    /// The files of an artifact in the order of their paths, at most <paramref name="limit"/>; empty when there is no
    /// such run or artifact (any more).
    /// </summary>
    Task<IReadOnlyList<ArtifactFile>> FilesAsync(
        string pipelineRun, string artifact, int limit, CancellationToken cancellation);

    /// <summary>Null when there is no such file. The caller disposes it.</summary>
    Task<Stream?> OpenAsync(string pipelineRun, string artifact, string path, CancellationToken cancellation);
}

/// <param name="Path">In the artifact, with slashes.</param>
/// <param name="Size">Bytes.</param>
public sealed record ArtifactFile(string Path, long Size);
