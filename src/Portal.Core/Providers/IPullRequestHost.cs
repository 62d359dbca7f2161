using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: proposing changes to a repository for review. Every call throws only <see cref="ProviderException"/> for
/// what can be expected.
/// </summary>
public interface IPullRequestHost : IProvider
{
    /// <summary>
    /// Makes a branch with one commit on top of the target, and the pull request. The same
    /// <see cref="OpenPullRequest.Mark"/> on the same branch again returns the one made before, whatever became of it,
    /// or finishes what an interrupted call began.
    /// </summary>
    /// <exception cref="ProviderException">
    /// Conflict (<c>branch-exists</c>): the branch is another's. Invalid: a name that Git does not take, or
    /// <c>pull-request-empty</c>, when nothing would change. NotFound: no such repository, or no such target
    /// (<c>branch-not-found</c>). In all of these nothing was made. Invalid (<c>pull-request-reviewers</c>): it is
    /// open, without those whom the host does not take.
    /// </exception>
    Task<PullRequest> OpenAsync(OpenPullRequest request, CancellationToken cancellation);

    /// <summary>
    /// The one with exactly this mark, open or not; null when there is none, or no such repository. The newest 500 of a
    /// repository are looked through, at least.
    /// </summary>
    Task<PullRequest?> FindByMarkAsync(RepositoryName repository, string mark, CancellationToken cancellation);

    /// <summary>
    /// Closes it and deletes its branch, unless that belongs to another repository; what is closed, merged or gone
    /// already, or never was, is fine.
    /// </summary>
    Task CloseAsync(RepositoryName repository, long number, CancellationToken cancellation);
}

/// <param name="Branch">To be made; letters, digits, dot, dash and slash are taken everywhere.</param>
/// <param name="Target">Branch that it is to be merged into; null = the default branch.</param>
/// <param name="Body">Markdown, of any length: a host that takes less cuts it and says so by an ellipsis.</param>
/// <param name="Changes">Files that are added or replaced.</param>
/// <param name="Deletions">Paths that go; those that are not there, or among the changes, are left out.</param>
/// <param name="Reviewers">Logins.</param>
/// <param name="TeamReviewers">Slugs of teams of the organisation.</param>
/// <param name="Mark">Unique for the effect that opens it.</param>
/// <param name="Draft">Invalid (<c>pull-request-draft</c>) where the host has none.</param>
public sealed record OpenPullRequest(
    RepositoryName Repository, string Branch, string? Target, string Title, string Body, FileTree Changes,
    IReadOnlyList<string> Deletions, string CommitMessage, CommitAuthor Author, string Mark, bool Draft = false,
    IReadOnlyList<string>? Reviewers = null, IReadOnlyList<string>? TeamReviewers = null);

/// <param name="Url">Its page at the host, absolute.</param>
/// <param name="State">open, closed or merged.</param>
/// <param name="HeadCommit">Full SHA of the branch's head, or of what it was when the branch went.</param>
public sealed record PullRequest(long Number, string Url, string Branch, string State, string HeadCommit);
