using System.Text.Json;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Pipelines;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary><c>workflow_run</c>. A delivery does not tell jobs and artifacts: for those the host is asked.</summary>
/// <param name="find">The whole run by its id in the portal.</param>
internal sealed class RunPayload(Func<string, CancellationToken, Task<PipelineRunInfo?>> find)
{
    /// <summary>
    /// Tells the run as it is now. Where the host cannot be asked, as the delivery has it; if that may be better later,
    /// it throws after that, so that the delivery is tried again.
    /// </summary>
    public async Task TellAsync(JsonElement payload, Func<PipelineRunInfo, Task> tell, CancellationToken cancellation)
    {
        if (Read(payload) is not { } told) return;
        PipelineRunInfo? now = null;
        try
        {
            // One that waits for its turn has no jobs yet.
            if (told.Status != PipelineStatus.Queued) now = await find(told.Id, cancellation);
        }
        catch (ProviderException e)
        {
            await tell(told);
            if (e.IsTransient) throw;
            return;
        }
        await tell(now is not null && now.Attempt >= told.Attempt
            ? now with { RepositoryHostId = now.RepositoryHostId ?? told.RepositoryHostId } : told);
    }

    private static PipelineRunInfo? Read(JsonElement payload) =>
        payload.Repository() is { } repository
            && payload.At("workflow_run") is { ValueKind: JsonValueKind.Object } element
            && BodyOf(element) is { HeadSha: not null, Event: not null } body
            // Older servers tell the file of the workflow alone.
            && (body.Path ?? payload.Text("workflow", "path")) is { } path
            ? RunReader.Of(repository, body with { Path = path }, [],
            []) with { RepositoryHostId = payload.RepositoryId() }
            : null;

    /// <summary>Null for what is no run.</summary>
    private static RunBody? BodyOf(JsonElement element)
    {
        try
        {
            return element.Deserialize(GitHubJson.Default.RunBody);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
