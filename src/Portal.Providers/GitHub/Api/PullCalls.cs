using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Pull requests.</summary>
internal static class PullCalls
{
    private const string Pulls = "Pull requests: write";

    /// <summary>Open and closed, newest first.</summary>
    public static IAsyncEnumerable<PullBody> PullsAsync(this GitHubClient client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<PullBody>(name, GitHubPath.Of($"repos/{name}/pulls?state=all&sort=created&direction=desc&per_page=100"), cancellation);

    /// <summary>From a branch of the same repository.</summary>
    public static IAsyncEnumerable<PullBody> PullsOfBranchAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.ItemsAsync<PullBody>(name, GitHubPath.Of($"repos/{name}/pulls?state=all&head={name.Organisation + ":" + branch}&per_page=100"), cancellation);

    public static Task<PullBody?> FindPullAsync(this GitHubClient client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.FindAsync<PullBody>(name, GitHubPath.Of($"repos/{name}/pulls/{number}"), cancellation);

    public static Task<PullBody> CreatePullAsync(
        this GitHubClient client, RepositoryName name, NewPull body, Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation) =>
        client.SendAsync<PullBody>(new GitHubCall(HttpMethod.Post, name, GitHubPath.Of($"repos/{name}/pulls")) { Body = body, Refusal = refusal, Needs = Pulls }, cancellation);

    public static Task<PullBody> ClosePullAsync(this GitHubClient client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.SendAsync<PullBody>(
            new GitHubCall(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}/pulls/{number}")) { Body = new ChangedPull("closed"), IsRepeatable = true, Needs = Pulls }, cancellation);

    /// <summary>Doing it twice comes to the same.</summary>
    public static async Task RequestReviewersAsync(
        this GitHubClient client, RepositoryName name, long number, ReviewerRequest body, Func<Http.ProviderRefusal, Core.Shared.Error?> refusal, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(new GitHubCall(HttpMethod.Post, name, GitHubPath.Of($"repos/{name}/pulls/{number}/requested_reviewers"))
        {
            Body = body, IsRepeatable = true, Refusal = refusal, Needs = Pulls,
        }, cancellation);
    }
}

internal sealed record NewPull(string Title, string Head, string Base, string Body, bool Draft);

internal sealed record ChangedPull(string State);

internal sealed record ReviewerRequest(IReadOnlyList<string> Reviewers, IReadOnlyList<string> TeamReviewers);

/// <param name="State"><c>open</c> or <c>closed</c>.</param>
internal sealed record PullBody(
    long Number, string State, string Title, string? Body, string HtmlUrl, PullBranch Head, PullBranch Base, DateTimeOffset? MergedAt, bool? Draft);

/// <param name="Repo">Null when the fork is gone.</param>
internal sealed record PullBranch(string Ref, string Sha, PullRepository? Repo);

internal sealed record PullRepository(string FullName);
