using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Adapter;

/// <summary>Environments of the outside world.</summary>
internal sealed class OutsideEnvironments(OutsideApi api) : IEnvironmentHost
{
    public string Instance => OutsideSetup.Instance;

    public string Type => OutsideSetup.Type;

    // It tells nothing, but its tests count the calls: nobody is to ask beside them.
    public bool TellsAll => true;

    public IReadOnlyList<EnvironmentDefinition> Definitions { get; } = [new(
        "service", "Service", "Runs what a pipeline built.", Wire.Sizes, [])];

    public async Task<EnvironmentInfo> CreateAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        try
        {
            return await api.PostAsync<EnvironmentInfo>(
                "/environments", request, hasIdempotencyKey: false, cancellation);
        }
        catch (ProviderException taken) when (taken.Error.Kind == ErrorKind.Conflict)
        {
            // The id is taken, by an earlier call of ours or by somebody else: its mark tells.
            if (await FindAsync(request.Id, cancellation) is { } found && found.Mark == request.Mark) return found;
            throw;
        }
    }

    public async Task<EnvironmentInfo?> FindByMarkAsync(string mark, CancellationToken cancellation) =>
        (await api.GetAsync<List<EnvironmentInfo>>(
            $"/environments?mark={Uri.EscapeDataString(mark)}", cancellation)).FirstOrDefault();

    public async Task<EnvironmentInfo?> FindAsync(string id, CancellationToken cancellation) =>
        OutsideApi.IsId(id) ? await api.FindAsync<EnvironmentInfo>($"/environments/{id}", cancellation) : null;

    public async Task<IReadOnlyList<EnvironmentInfo>> ListAsync(CancellationToken cancellation) =>
        await api.GetAsync<List<EnvironmentInfo>>("/environments", cancellation);

    public Task<EnvironmentInfo> DeployAsync(string id, EnvironmentVersion version, CancellationToken cancellation) =>
        api.PutAsync<EnvironmentInfo>(
            $"/environments/{Known(id)}/version", new NewVersion(version.PipelineRunId), cancellation);

    public Task<EnvironmentInfo> StopAsync(string id, CancellationToken cancellation) =>
        SwitchAsync(id, false, cancellation);

    public Task<EnvironmentInfo> StartAsync(string id, CancellationToken cancellation) =>
        SwitchAsync(id, true, cancellation);

    public Task DestroyAsync(string id, CancellationToken cancellation) =>
        OutsideApi.IsId(id) ? api.DeleteAsync($"/environments/{id}", cancellation) : Task.CompletedTask;

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation) =>
        await api.GetAsync<List<HostLogLine>>(
            $"/environments/{Known(id)}/log?after={after}&limit={limit}", cancellation);

    private Task<EnvironmentInfo> SwitchAsync(string id, bool running, CancellationToken cancellation) =>
        api.PutAsync<EnvironmentInfo>($"/environments/{Known(id)}/state", new WantedState(running), cancellation);

    private static string Known(string id) =>
        OutsideApi.IsId(id)
            ? id
            : throw ProviderException.NotFound("environment-not-found", $"There is no environment {id}.");
}
