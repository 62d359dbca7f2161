using Octokit;
using Portal.Core.Shared;
using PullRequest = Octokit.PullRequest;

namespace Portal.Providers.GitHub.Api;

/// <summary>Pull requests.</summary>
internal static class PullCalls
{
    private const string Pulls = "Pull requests: write";

    /// <summary>Open and closed, newest first.</summary>
    public static IAsyncEnumerable<PullRequest> PullsAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<PullRequest>(
            name, GitHubPath.Of($"repos/{name}/pulls?state=all&sort=created&direction=desc&per_page=100"),
            cancellation);

    /// <summary>From a branch of the same repository.</summary>
    public static IAsyncEnumerable<PullRequest> PullsOfBranchAsync(
        this GitHubApi client, RepositoryName name, string branch,
        CancellationToken cancellation) => client.ItemsAsync<PullRequest>(
            name, GitHubPath.Of(
                $"repos/{name}/pulls?state=all&head={name.Organisation + ":" + branch}&per_page=100"), cancellation);

    /// <summary>None has a number that Octokit cannot ask for.</summary>
    public static Task<PullRequest?> FindPullAsync(
        this GitHubApi client, RepositoryName name, long number,
        CancellationToken cancellation) => number is < 1 or > int.MaxValue
        ? Task.FromResult<PullRequest?>(null)
        : client.FindAsync(
            new GitHubCall(name), octokit =>
                octokit.PullRequest.Get(name.Organisation, name.Name, (int)number), cancellation);

    public static Task<PullRequest> CreatePullAsync(
        this GitHubApi client, RepositoryName name, NewPullRequest body,
        Func<Http.ProviderRefusal, Core.Shared.Error?> refusal,
        CancellationToken cancellation) =>
        client.CallAsync(new GitHubCall(name) { Refusal = refusal, Needs = Pulls },
            octokit => octokit.PullRequest.Create(name.Organisation, name.Name, body), cancellation);

    public static Task<PullRequest> ClosePullAsync(
        this GitHubApi client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.CallAsync(new GitHubCall(name) { IsRepeatable = true, Needs = Pulls },
            octokit => octokit.PullRequest.Update(
                name.Organisation, name.Name, checked((int)number), new PullRequestUpdate
                {
                    State = ItemState.Closed,
                }), cancellation);

    /// <summary>Doing it twice comes to the same.</summary>
    public static Task RequestReviewersAsync(
        this GitHubApi client, RepositoryName name, long number, PullRequestReviewRequest body,
        Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation) =>
        client.DoAsync(new GitHubCall(name) { IsRepeatable = true, Refusal = refusal, Needs = Pulls },
            octokit => octokit.PullRequest.ReviewRequest.Create(
                name.Organisation, name.Name, checked((int)number), body), cancellation);
}
