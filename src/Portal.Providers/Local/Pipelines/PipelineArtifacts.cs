using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;

namespace Portal.Providers.Local.Pipelines;

/// <summary>What the runs have uploaded, as it lies on disk.</summary>
internal sealed class PipelineArtifacts(Machine machine, PipelineRuns runs) : ILocalArtifacts
{
    public async Task<LocalArtifact?> FindAsync(string pipelineRunId, string name)
    {
        if (await runs.FindAsync(pipelineRunId) is not { } run || !UploadArtifactAction.IsName(name)) return null;
        var folder = Path.Combine(machine.Folders.Artifacts(pipelineRunId), name);
        return Directory.Exists(folder) ? new LocalArtifact(run.Info.Repository, run.Info.Commit, folder) : null;
    }
}
