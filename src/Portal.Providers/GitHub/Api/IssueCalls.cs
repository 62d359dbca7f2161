using Octokit;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Issues. Pull requests are issues too, to comments, labels and assignees.</summary>
internal static class IssueCalls
{
    private const string Issues = "Issues: write";

    private static readonly ApiOptions PerPage = new() { PageSize = 100 };

    /// <summary>Open and closed, newest first.</summary>
    public static IAsyncEnumerable<Issue> IssuesAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<Issue>(
            name, GitHubPath.Of($"repos/{name}/issues?state=all&sort=created&direction=desc&per_page=100"),
            cancellation);

    public static Task<Issue?> FindIssueAsync(
        this GitHubApi client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.FindAsync(
            new GitHubCall(name), octokit => octokit.Issue.Get(name.Organisation, name.Name, number), cancellation);

    public static Task<Issue> CreateIssueAsync(
        this GitHubApi client, RepositoryName name, NewIssue body, CancellationToken cancellation) =>
        client.CallAsync(
            new GitHubCall(name) { Needs = Issues },
            octokit => octokit.Issue.Create(name.Organisation, name.Name, body), cancellation);

    /// <summary>Octokit's takes away the milestone.</summary>
    public static Task ChangeIssueAsync(
        this GitHubApi client, RepositoryName name, long number, ChangedIssue body, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Patch, name, Path(name, number), body, Issues, cancellation);

    public static IAsyncEnumerable<IssueComment> CommentsAsync(
        this GitHubApi client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.ItemsAsync<IssueComment>(name, Path(name, number) + "/comments?per_page=100", cancellation);

    public static Task CommentAsync(
        this GitHubApi client, RepositoryName name, long number, string text,
        CancellationToken cancellation) => client.DoAsync(
            new GitHubCall(name) { Needs = Issues }, octokit =>
                octokit.Issue.Comment.Create(name.Organisation, name.Name, number, text), cancellation);

    public static async Task<List<string>> LabelsAsync(
        this GitHubApi client, RepositoryName name, long number, CancellationToken cancellation) =>
        [.. (await client.CallAsync(new GitHubCall(name),
            octokit => octokit.Issue.Labels.GetAllForIssue(
                name.Organisation, name.Name, number, PerPage), cancellation)).Select(l => l.Name)];

    /// <summary>Those that it has stay. Octokit's sends a bare list, which GitHub does not describe.</summary>
    public static Task AddLabelsAsync(
        this GitHubApi client, RepositoryName name, long number, IReadOnlyList<string> labels,
        CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Post, name, Path(name, number) + "/labels", new IssueLabels(labels), Issues, cancellation);

    /// <summary>Those and no others.</summary>
    public static Task SetLabelsAsync(
        this GitHubApi client, RepositoryName name, long number, IReadOnlyList<string> labels,
        CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Put, name, Path(name, number) + "/labels", new IssueLabels(labels), Issues, cancellation);

    private static string Path(RepositoryName name, long number) => GitHubPath.Of($"repos/{name}/issues/{number}");
}

internal sealed record ChangedIssue(
    string? State = null, string? StateReason = null, IReadOnlyList<string>? Assignees = null);

internal sealed record IssueLabels(IReadOnlyList<string> Labels);
