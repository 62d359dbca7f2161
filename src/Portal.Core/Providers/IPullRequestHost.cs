using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Providers;

/// <summary>Capability: proposing changes to a repository for review.</summary>
public interface IPullRequestHost : IProvider
{
    /// <summary>
    /// Makes a branch with one commit on top of the target, and the pull request. The same <see cref="OpenPullRequest.Mark"/> again returns
    /// the one made before. Conflict (<c>branch-exists</c>) when the branch is another's.
    /// </summary>
    Task<PullRequest> OpenAsync(OpenPullRequest request, CancellationToken cancellation);

    Task<PullRequest?> FindByMarkAsync(RepositoryName repository, string mark, CancellationToken cancellation);

    /// <summary>Closes it and deletes its branch; what is closed, merged or gone already is fine.</summary>
    Task CloseAsync(RepositoryName repository, long number, CancellationToken cancellation);
}

/// <param name="Target">Branch that it is to be merged into; null = the default branch.</param>
/// <param name="Changes">Files that are added or replaced.</param>
/// <param name="Deletions">Paths that go.</param>
/// <param name="Reviewers">Logins.</param>
/// <param name="TeamReviewers">Slugs of teams of the organisation.</param>
/// <param name="Mark">Unique for the effect that opens it.</param>
public sealed record OpenPullRequest(
    RepositoryName Repository, string Branch, string? Target, string Title, string Body, FileTree Changes, IReadOnlyList<string> Deletions,
    string CommitMessage, CommitAuthor Author, string Mark, bool Draft = false, IReadOnlyList<string>? Reviewers = null,
    IReadOnlyList<string>? TeamReviewers = null);

/// <param name="State">open, closed or merged.</param>
public sealed record PullRequest(long Number, string Url, string Branch, string State, string HeadCommit);
