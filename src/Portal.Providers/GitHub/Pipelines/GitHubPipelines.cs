using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>GitHub Actions.</summary>
internal sealed class GitHubPipelines(
    GitHubApi client, RunStart start, RunReader reader, RunLogs logs, Correlations correlations,
    TimeProvider time) : IPipelineHost
{
    private const int MaxPage = 100;
    private const int RerunLooks = 20;

    public string Instance => client.Instance;

    public string Type => GitHubOptions.Type;

    public TimeSpan PollInterval => TimeSpan.FromSeconds(3);

    public async Task<PipelineRunInfo> TriggerAsync(TriggerPipeline request, CancellationToken cancellation) =>
        await reader.ReadAsync(request.Repository, await start.StartAsync(request, cancellation), cancellation);

    public async Task<PipelineRunInfo?> FindByCorrelationAsync(
        RepositoryName repository, string correlation, CancellationToken cancellation) =>
        await correlations.FindAsync(repository, correlation, cancellation) is { } run
            ? await reader.ReadAsync(repository, run, cancellation) : null;

    public async Task<PipelineRunInfo?> FindAsync(string id, CancellationToken cancellation)
    {
        if (!RunId.TryParse(id, out var run)
            || await client.FindRunAsync(run.Value.Repository, run.Value.Number, cancellation) is not { } body)
        {
            return null;
        }
        return await reader.ReadAsync(run.Value.Repository, body, cancellation);
    }

    public async Task<IReadOnlyList<PipelineRunInfo>> ListAsync(
        RepositoryName repository, int limit, CancellationToken cancellation)
    {
        if (limit <= 0) return [];
        var runs = new List<RunBody>();
        try
        {
            await foreach (var run in client.RunsAsync(repository, null, null, Math.Min(limit, MaxPage), cancellation))
            {
                runs.Add(run);
                if (runs.Count == limit) break;
            }
        }
        catch (ProviderException none) when (none.Error.Kind == ErrorKind.NotFound)
        {
            return [];
        }
        return await reader.ReadAllAsync(
            repository, [.. runs.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id)], cancellation);
    }

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation) =>
        RunId.TryParse(id, out var run) ? await logs.ReadAsync(run.Value, after, limit, cancellation) : [];

    public async Task<PipelineRunInfo> RerunAsync(string id, CancellationToken cancellation)
    {
        if (!RunId.TryParse(id, out var run)
            || await client.FindRunAsync(run.Value.Repository, run.Value.Number, cancellation) is not { } before)
        {
            throw ProviderException.NotFound("pipeline-run-not-found", $"There is no pipeline run {id}.");
        }
        var (name, number) = run.Value;
        if (before.Status != RunStatuses.Completed) throw ProviderException.Conflict("pipeline-run-active",
            $"The pipeline run #{before.RunNumber} of {name} is not over yet: wait for its end, or cancel it.");
        await client.RerunAsync(name, number, cancellation);
        for (var look = 0; look < RerunLooks; look++)
        {
            if (await client.FindRunAsync(name, number, cancellation) is { } now
                && RunReader.Attempt(now) > RunReader.Attempt(before))
            {
                return await reader.ReadAsync(name, now, cancellation);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellation);
        }
        // GitHub took the order and does not show it yet.
        return await reader.ReadAsync(
            name, before with { RunAttempt = RunReader.Attempt(before) + 1, Status = "queued", Conclusion = null },
            cancellation);
    }

    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        if (!RunId.TryParse(id, out var run)) return;
        try
        {
            await client.CancelRunAsync(run.Value.Repository, run.Value.Number, cancellation);
        }
        catch (ProviderException none) when (none.Error.Kind == ErrorKind.NotFound)
        {
        }
    }
}
