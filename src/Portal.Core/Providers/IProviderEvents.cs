using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Where providers tell what happened at their side without having been asked: the portal's counterpart of a webhook.
/// Calls are cheap, may come twice and late, and never throw back at the provider.
/// </summary>
public interface IProviderEvents
{
    Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation);

    Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation);

    Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation);

    Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>
    /// The portal itself has made the repository, or deleted it: what it knew by the name before is another.
    /// </summary>
    Task RepositorySeenAsync(string instance, Repository repository, bool isThere, CancellationToken cancellation) =>
        Task.CompletedTask;

    Task PullRequestChangedAsync(string instance, PullRequestChange change, CancellationToken cancellation) =>
        Task.CompletedTask;

    Task DeploymentChangedAsync(string instance, HostDeployment deployment, CancellationToken cancellation) =>
        Task.CompletedTask;

    Task MembershipChangedAsync(string instance, MembershipChange change, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>
    /// What the instance may do there has changed: what was found out about it before says nothing any more.
    /// </summary>
    Task AccessChangedAsync(string instance, CancellationToken cancellation) => Task.CompletedTask;
}

/// <param name="Before">Null for a new branch.</param>
/// <param name="After">Null for a deleted branch.</param>
/// <param name="By">The pusher as an entity reference, when known.</param>
/// <param name="Paths">The files that changed; null when not known.</param>
public sealed record RepositoryPush(
    RepositoryName Repository, string Branch, string? Before, string? After, string? By,
    IReadOnlyList<string>? Paths = null)
{
    /// <summary>The host's own id of the repository; null where it has none.</summary>
    public string? HostId { get; init; }
}

public enum RepositoryChangeKind { Created, Renamed, Transferred, Archived, Unarchived, Deleted }

/// <param name="Repository">Its name now.</param>
/// <param name="Before">Its name before it was renamed or transferred; null otherwise.</param>
public sealed record RepositoryChange(
    RepositoryChangeKind Kind, RepositoryName Repository, RepositoryName? Before, string? By)
{
    /// <summary>The host's own id of it; null where it has none.</summary>
    public string? HostId { get; init; }

    /// <summary>When it happened, by the host's clock; null where it does not say: then now.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <param name="Action">In the host's words: opened, closed, merged, reopened.</param>
public sealed record PullRequestChange(
    RepositoryName Repository, PullRequest PullRequest, string Title, string Action, string? By);

/// <summary>A deployment that somebody else does and the host records.</summary>
/// <param name="State">In the host's words: pending, in_progress, success, failure, error, inactive.</param>
public sealed record HostDeployment(
    RepositoryName Repository, string Environment, string Commit, string State, string? Url, DateTimeOffset At);

/// <param name="Team">Null: the organisation itself.</param>
public sealed record MembershipChange(string Organisation, string? Team, string Login, bool IsMember);
