using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Workflow runs.</summary>
internal static class ActionsCalls
{
    private const string Actions = "Actions: write";

    /// <returns>200 with the run, or 204 without from a server that does not tell it.</returns>
    public static Task<IApiResponse<DispatchedRun>> DispatchAsync(
        this GitHubApi client, RepositoryName name, string workflow, NewDispatch body,
        Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation) =>
        client.AnswerAsync<DispatchedRun>(new UntypedCall(
            HttpMethod.Post, name, GitHubPath.Of($"repos/{name}/actions/workflows/{workflow}/dispatches"))
            {
                Body = body, Refusal = refusal, Needs = Actions,
            }, cancellation);

    /// <summary>Newest first.</summary>
    /// <param name="workflow">Runs of one workflow only, by its file's name; null for all.</param>
    /// <param name="trigger">E.g. <c>workflow_dispatch</c>; null for all.</param>
    public static async IAsyncEnumerable<RunBody> RunsAsync(
        this GitHubApi client, RepositoryName name, string? workflow, string? trigger, int pageSize, [
            System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = workflow is null ? GitHubPath.Of($"repos/{name}/actions/runs?per_page={pageSize}")
            : GitHubPath.Of($"repos/{name}/actions/workflows/{workflow}/runs?per_page={pageSize}");
        if (trigger is not null) path += GitHubPath.Of($"&event={trigger}");
        await foreach (var page in client.PagesAsync<RunList>(name, path, cancellation))
        {
            foreach (var run in page.WorkflowRuns) yield return run;
        }
    }

    public static Task<RunBody?> FindRunAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.FindAsync<RunBody>(name, GitHubPath.Of($"repos/{name}/actions/runs/{id}"), cancellation);

    /// <summary>Of the latest attempt.</summary>
    public static async Task<List<JobBody>> JobsAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation)
    {
        var jobs = new List<JobBody>();
        await foreach (var page in client.PagesAsync<JobList>(
            name, GitHubPath.Of($"repos/{name}/actions/runs/{id}/jobs?per_page=100"),
            cancellation)) jobs.AddRange(page.Jobs);
        return jobs;
    }

    public static async Task<List<ArtifactBody>> ArtifactsAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation)
    {
        var artifacts = new List<ArtifactBody>();
        await foreach (var page in client.PagesAsync<ArtifactList>(
            name, GitHubPath.Of($"repos/{name}/actions/runs/{id}/artifacts?per_page=100"),
            cancellation)) artifacts.AddRange(page.Artifacts);
        return artifacts;
    }

    /// <summary>The text of a job's log; null when there is none (yet, or any more).</summary>
    public static async Task<string?> FindJobLogAsync(
        this GitHubApi client, RepositoryName name, long job, CancellationToken cancellation)
    {
        try
        {
            return await client.CallAsync(new GitHubCall(name) { Needs = "Actions: read" },
                octokit => octokit.Actions.Workflows.Jobs.GetLogs(name.Organisation, name.Name, job), cancellation);
        }
        catch (ProviderException none) when (none.Error.Kind == Core.Shared.ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <returns>False when it is over already.</returns>
    public static async Task<bool> CancelRunAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation)
    {
        try
        {
            await client.DoAsync(new GitHubCall(name) { IsRepeatable = true, Needs = Actions },
                octokit => octokit.Actions.Workflows.Runs.Cancel(name.Organisation, name.Name, id), cancellation);
            return true;
        }
        catch (ProviderException over) when (over.Error.Kind == Core.Shared.ErrorKind.Conflict)
        {
            return false;
        }
    }

    public static Task RerunAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) => client.DoAsync(
            new GitHubCall(name) { Needs = Actions }, octokit =>
                octokit.Actions.Workflows.Runs.Rerun(name.Organisation, name.Name, id), cancellation);
}

/// <param name="ReturnRunDetails">Null where the server does not know it.</param>
internal sealed record NewDispatch(string Ref, IReadOnlyDictionary<string, string> Inputs, bool? ReturnRunDetails);

internal sealed record DispatchedRun(long WorkflowRunId);

internal sealed record RunList(List<RunBody> WorkflowRuns);

/// <param name="Path">Of the workflow file, with <c>@ref</c> behind it at times.</param>
/// <param name="UpdatedAt">When it ended, once it has.</param>
internal sealed record RunBody(
    long Id, string? Name, string? DisplayTitle, string Path, int RunNumber, int? RunAttempt, string? HeadBranch,
    string HeadSha, string Event, string? Status, string? Conclusion,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? RunStartedAt, string HtmlUrl,
    RunCommit? HeadCommit,
    RunRepository? Repository = null);

/// <summary>The one that has the run, by the id that it keeps when it is renamed.</summary>
internal sealed record RunRepository(long Id);

internal sealed record RunCommit(string Message);

internal sealed record JobList(List<JobBody> Jobs);

internal sealed record JobBody(
    long Id, string Name, string? Status, string? Conclusion, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt,
    List<StepBody>? Steps);

internal sealed record StepBody(
    string Name, int Number, string? Status, string? Conclusion, DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt);

internal sealed record ArtifactList(List<ArtifactBody> Artifacts);

internal sealed record ArtifactBody(long Id, string Name, long SizeInBytes, bool Expired);
