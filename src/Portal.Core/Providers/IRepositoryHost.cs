using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: Git repositories. Every call throws only <see cref="ProviderException"/> for what can be expected.
/// </summary>
public interface IRepositoryHost : IProvider
{
    /// <summary>
    /// The hosts in a <c>repoUrl</c> that this instance serves, e.g. <c>local</c>, <c>github.com</c>.
    /// </summary>
    IReadOnlyCollection<string> Hosts { get; }

    /// <summary>
    /// The annotation by which a descriptor names its repository on such a host; null where catalogs know none.
    /// </summary>
    string? DescriptorAnnotation => null;

    /// <summary>The organisation in which a team's repositories are made unless a template names another.</summary>
    string OrganisationOf(EntityRef owner) => owner.Name;

    /// <summary>
    /// The repository that a web or clone URL of this host points at; null when the URL is not of this host.
    /// </summary>
    RepositoryName? NameFromUrl(string url);

    /// <summary>The address to clone from, also before the repository is made.</summary>
    string CloneUrl(RepositoryName name);

    /// <summary>The repository's page at the host; null where the host has no pages, and so are the next two.</summary>
    string? PageUrl(RepositoryName name) => null;

    /// <param name="line">From 1; null = the whole file.</param>
    string? FileUrl(RepositoryName name, string commit, string path, int? line) => null;

    string? CommitUrl(RepositoryName name, string commit) => null;

    Task<Repository?> FindAsync(RepositoryName name, CancellationToken cancellation);

    /// <summary>
    /// Creates the repository together with its first commit. Conflict (<c>repository-exists</c>) when the name is
    /// taken by another mark's; the same mark again returns it. Where the host cannot do both at once, what an
    /// interrupted call began has no <see cref="Repository.HeadCommit"/> yet, and the same mark again finishes it.
    /// </summary>
    Task<Repository> CreateAsync(CreateRepository request, CancellationToken cancellation);

    /// <summary>
    /// Makes it read-only; again is fine. Invalid (<c>archive-unsupported</c>) where the host has no such thing.
    /// </summary>
    Task ArchiveAsync(RepositoryName name, CancellationToken cancellation) =>
        throw ProviderException.Invalid("archive-unsupported", $"{Instance} cannot archive repositories.");

    /// <summary>Removes the repository with its history. One that is not there is fine.</summary>
    Task DeleteAsync(RepositoryName name, CancellationToken cancellation);

    Task<IReadOnlyList<Repository>> ListAsync(CancellationToken cancellation);

    /// <summary>The newest commits reachable from a branch, tag or SHA; empty when it does not exist.</summary>
    Task<IReadOnlyList<Commit>> CommitsAsync(
        RepositoryName name, string reference, int limit, CancellationToken cancellation);

    /// <summary>A file's bytes at a commit; null when there is no such file. Files above 10 MB are refused.</summary>
    Task<byte[]?> ReadFileAsync(RepositoryName name, string reference, string path, CancellationToken cancellation);
}

/// <param name="Mark">The id of the run that creates it, set inside the creating call so that a later look can tell
/// ours from another's.</param>
/// <param name="Owner">The owning team as an entity reference; who may push is decided from it.</param>
public sealed record CreateRepository(
    RepositoryName Name, string Description, string DefaultBranch, FileTree Tree, string CommitMessage,
    CommitAuthor Author,
    string Mark, string Owner)
{
    public RepositorySettings Settings { get; init; } = new();

    /// <summary>The portal's page of the run that creates it, absolute; null where that is not known.</summary>
    public string? RunUrl { get; init; }
}

public enum RepositoryVisibility { Private, Internal, Public }

/// <summary>
/// What hosts let one choose. Null leaves it to the host; a host without the feature leaves it unused.
/// </summary>
public sealed record RepositorySettings
{
    public RepositoryVisibility? Visibility { get; init; }
    public IReadOnlyList<string> Topics { get; init; } = [];
    public IReadOnlyDictionary<string, string> CustomProperties { get; init; } = new Dictionary<string, string>();
    public string? Homepage { get; init; }
    public bool? HasIssues { get; init; }
    public bool? HasWiki { get; init; }
    public bool? HasProjects { get; init; }
    public bool? AllowMergeCommit { get; init; }
    public bool? AllowSquashMerge { get; init; }
    public bool? AllowRebaseMerge { get; init; }
    public bool? AllowAutoMerge { get; init; }
    public bool? AllowUpdateBranch { get; init; }
    public bool? DeleteBranchOnMerge { get; init; }

    /// <summary><c>PR_TITLE</c> or <c>COMMIT_OR_PR_TITLE</c>.</summary>
    public string? SquashMergeCommitTitle { get; init; }

    /// <summary><c>PR_BODY</c>, <c>COMMIT_MESSAGES</c> or <c>BLANK</c>.</summary>
    public string? SquashMergeCommitMessage { get; init; }
}

public sealed record CommitAuthor(string Name, string Email, DateTimeOffset At);

public sealed record Repository(
    RepositoryName Name, string Description, string DefaultBranch, string CloneUrl, string? WebUrl, string? HeadCommit,
    string? Mark,
    string? Owner)
{
    /// <summary>
    /// The host's own id of it: stays when it is renamed, and is never given to another. Null where the host has none.
    /// </summary>
    public string? HostId { get; init; }
}

public sealed record Commit(string Sha, string Subject, string AuthorName, DateTimeOffset At);
