using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local;

/// <summary>What local pipeline runs have uploaded, for the environments that run it.</summary>
internal interface ILocalArtifacts
{
    /// <summary>
    /// The artifact with this name of a finished or running pipeline run; null when the run or the artifact is not
    /// there.
    /// </summary>
    Task<LocalArtifact?> FindAsync(string pipelineRunId, string name);
}

/// <param name="Folder">Absolute path of the artifact's files; read only, for everybody but the pipelines.</param>
internal sealed record LocalArtifact(RepositoryName Repository, string Commit, string Folder);
