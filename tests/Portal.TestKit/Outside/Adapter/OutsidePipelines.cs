using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Adapter;

/// <summary>Pipelines of the outside world.</summary>
internal sealed class OutsidePipelines(OutsideApi api) : IPipelineHost
{
    public string Instance => OutsideSetup.Instance;

    public string Type => OutsideSetup.Type;

    // As of its environments.
    public bool TellsAll => true;

    public Task<PipelineRunInfo> TriggerAsync(TriggerPipeline request, CancellationToken cancellation) =>
        api.PostAsync<PipelineRunInfo>(
            $"{OutsideApi.PathOf(request.Repository)}/runs",
            new NewRun(request.Workflow, request.Reference, request.Correlation), hasIdempotencyKey: true,
            cancellation);

    public async Task<PipelineRunInfo?> FindByCorrelationAsync(
        RepositoryName repository, string correlation, CancellationToken cancellation) =>
        (await api.GetAsync<List<PipelineRunInfo>>(
            $"{OutsideApi.PathOf(repository)}/runs?limit=1&correlation={Uri.EscapeDataString(correlation)}",
            cancellation)).FirstOrDefault();

    public async Task<PipelineRunInfo?> FindAsync(string id, CancellationToken cancellation) =>
        OutsideApi.IsId(id) ? await api.FindAsync<PipelineRunInfo>($"/runs/{id}", cancellation) : null;

    public async Task<IReadOnlyList<PipelineRunInfo>> ListAsync(
        RepositoryName repository, int limit, CancellationToken cancellation) =>
        await api.GetAsync<List<PipelineRunInfo>>($"{OutsideApi.PathOf(repository)}/runs?limit={limit}", cancellation);

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation) =>
        OutsideApi.IsId(id)
            ? await api.FindAsync<List<HostLogLine>>($"/runs/{id}/log?after={after}&limit={limit}", cancellation) ?? []
            : [];

    public async Task<PipelineRunInfo> RerunAsync(string id, CancellationToken cancellation)
    {
        var run = await FindAsync(id, cancellation) ?? throw ProviderException.NotFound(
            "pipeline-run-not-found", $"There is no pipeline run {id}.");
        if (!run.IsFinished)
        {
            throw ProviderException.Conflict("pipeline-run-active", $"The pipeline run {id} is not over yet.");
        }
        return await TriggerAsync(
            new TriggerPipeline(run.Repository, run.Workflow, run.Commit, Guid.NewGuid().ToString()), cancellation);
    }

    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is { IsFinished: false })
        {
            await api.PutAsync<PipelineRunInfo>($"/runs/{id}/cancelled", null, cancellation);
        }
    }
}
