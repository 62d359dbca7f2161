using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;

namespace Portal.Providers.Local.Pipelines;

/// <summary>
/// Runs the workflows of local repositories on this machine: what the portal and its people ask of it.
/// </summary>
internal sealed class LocalPipelineHost(Machine machine, PipelineRuns runs, WorkflowDispatch dispatch) : IPipelineHost
{
    /// <inheritdoc/>
    public string RunsAs => $"It runs on the portal's own machine. {machine.Description}";

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public bool TellsAll => true;

    public async Task<PipelineRunInfo> TriggerAsync(TriggerPipeline request, CancellationToken cancellation) =>
        await FindByCorrelationAsync(request.Repository, request.Correlation, cancellation)
        ?? (await runs.AddAsync(await dispatch.ReadAsync(request, cancellation))).Info;

    public async Task<PipelineRunInfo?> FindByCorrelationAsync(
        RepositoryName repository, string correlation, CancellationToken cancellation) =>
        (await runs.FindByCorrelationAsync(repository, correlation, cancellation))?.Info;

    public async Task<PipelineRunInfo?> FindAsync(string id, CancellationToken cancellation) =>
        (await runs.FindAsync(id, cancellation))?.Info;

    public async Task<IReadOnlyList<PipelineRunInfo>> ListAsync(
        RepositoryName repository, int limit, CancellationToken cancellation) =>
        [.. (await runs.ListAsync(repository, limit, cancellation)).Select(r => r.Info)];

    public Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation) =>
        runs.ReadLogAsync(id, after, limit, cancellation);

    public async Task<PipelineRunInfo> RerunAsync(string id, CancellationToken cancellation)
    {
        if (await runs.FindAsync(id, cancellation) is not { } run)
        {
            throw ProviderException.NotFound("pipeline-run-not-found", $"There is no pipeline run {id}.");
        }
        if (!run.Info.IsFinished) throw ProviderException.Conflict("pipeline-run-active",
            $"The pipeline run #{run.Info.Number} of {run.Info.Repository} is not over yet: wait for its end, or "
                + "cancel it.");
        return (await runs.AddAsync(NewRun.Again(run))).Info;
    }

    public Task CancelAsync(string id, CancellationToken cancellation) => runs.CancelAsync(id, cancellation);
}
