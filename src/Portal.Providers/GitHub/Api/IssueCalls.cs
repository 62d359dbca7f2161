using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Issues. Pull requests are issues too, to comments, labels and assignees.</summary>
internal static class IssueCalls
{
    private const string Issues = "Issues: write";

    /// <summary>Open and closed, newest first.</summary>
    public static IAsyncEnumerable<IssueBody> IssuesAsync(this GitHubClient client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<IssueBody>(name, GitHubPath.Of($"repos/{name}/issues?state=all&sort=created&direction=desc&per_page=100"), cancellation);

    public static Task<IssueBody?> FindIssueAsync(this GitHubClient client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.FindAsync<IssueBody>(name, Path(name, number), cancellation);

    public static Task<IssueBody> CreateIssueAsync(this GitHubClient client, RepositoryName name, NewIssue body, CancellationToken cancellation) =>
        client.PostAsync<IssueBody>(name, GitHubPath.Of($"repos/{name}/issues"), body, Issues, cancellation);

    public static Task ChangeIssueAsync(this GitHubClient client, RepositoryName name, long number, ChangedIssue body, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Patch, name, Path(name, number), body, Issues, cancellation);

    public static IAsyncEnumerable<IssueComment> CommentsAsync(this GitHubClient client, RepositoryName name, long number, CancellationToken cancellation) =>
        client.ItemsAsync<IssueComment>(name, Path(name, number) + "/comments?per_page=100", cancellation);

    public static async Task CommentAsync(this GitHubClient client, RepositoryName name, long number, string text, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(new GitHubCall(HttpMethod.Post, name, Path(name, number) + "/comments") { Body = new IssueComment(text), Needs = Issues }, cancellation);
    }

    public static async Task<List<string>> LabelsAsync(this GitHubClient client, RepositoryName name, long number, CancellationToken cancellation)
    {
        var labels = new List<string>();
        await foreach (var label in client.ItemsAsync<IssueLabel>(name, Path(name, number) + "/labels?per_page=100", cancellation)) labels.Add(label.Name);
        return labels;
    }

    /// <summary>Those that it has stay.</summary>
    public static Task AddLabelsAsync(this GitHubClient client, RepositoryName name, long number, IReadOnlyList<string> labels, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Post, name, Path(name, number) + "/labels", new IssueLabels(labels), Issues, cancellation);

    /// <summary>Those and no others.</summary>
    public static Task SetLabelsAsync(this GitHubClient client, RepositoryName name, long number, IReadOnlyList<string> labels, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, Path(name, number) + "/labels", new IssueLabels(labels), Issues, cancellation);

    private static string Path(RepositoryName name, long number) => GitHubPath.Of($"repos/{name}/issues/{number}");
}

internal sealed record NewIssue(string Title, string Body, IReadOnlyList<string> Assignees, IReadOnlyList<string> Labels, long? Milestone);

internal sealed record ChangedIssue(string? State = null, string? StateReason = null, IReadOnlyList<string>? Assignees = null);

/// <param name="State"><c>open</c> or <c>closed</c>.</param>
internal sealed record IssueBody(long Number, string State, string? Body, string HtmlUrl);

internal sealed record IssueComment(string? Body);

internal sealed record IssueLabels(IReadOnlyList<string> Labels);

internal sealed record IssueLabel(string Name);
