using Portal.Core.GoldenPaths.Trees;

namespace Portal.Core.Providers;

/// <summary>Capability: Git repositories. Every call throws only <see cref="ProviderException"/> for what can be expected.</summary>
public interface IRepositoryHost : IProvider
{
    /// <summary>The hosts in a <c>repoUrl</c> that this instance serves, e.g. <c>local</c>, <c>github.com</c>.</summary>
    IReadOnlyCollection<string> Hosts { get; }

    /// <summary>The repository that a web or clone URL of this host points at; null when the URL is not of this host.</summary>
    RepositoryName? NameFromUrl(string url);

    /// <summary>The address to clone from, also before the repository is made.</summary>
    string CloneUrl(RepositoryName name);

    Task<Repository?> FindAsync(RepositoryName name, CancellationToken cancellation);

    /// <summary>
    /// Creates the repository together with its first commit, whole or not at all. Conflict (<c>repository-exists</c>) when the name is taken.
    /// </summary>
    Task<Repository> CreateAsync(CreateRepository request, CancellationToken cancellation);

    /// <summary>Removes the repository with its history. One that is not there is fine.</summary>
    Task DeleteAsync(RepositoryName name, CancellationToken cancellation);

    Task<IReadOnlyList<Repository>> ListAsync(CancellationToken cancellation);

    /// <summary>The newest commits reachable from a branch, tag or SHA; empty when it does not exist.</summary>
    Task<IReadOnlyList<Commit>> CommitsAsync(RepositoryName name, string reference, int limit, CancellationToken cancellation);

    /// <summary>A file's bytes at a commit; null when there is no such file. Files above 10 MB are refused.</summary>
    Task<byte[]?> ReadFileAsync(RepositoryName name, string reference, string path, CancellationToken cancellation);
}

/// <param name="Mark">The id of the run that creates it, set inside the creating call so that a later look can tell ours from another's.</param>
/// <param name="Owner">The owning team as an entity reference; who may push is decided from it.</param>
public sealed record CreateRepository(
    RepositoryName Name, string Description, string DefaultBranch, FileTree Tree, string CommitMessage, CommitAuthor Author,
    string Mark, string Owner);

public sealed record CommitAuthor(string Name, string Email, DateTimeOffset At);

public sealed record Repository(
    RepositoryName Name, string Description, string DefaultBranch, string CloneUrl, string? WebUrl, string? HeadCommit, string? Mark,
    string? Owner);

public sealed record Commit(string Sha, string Subject, string AuthorName, DateTimeOffset At);
