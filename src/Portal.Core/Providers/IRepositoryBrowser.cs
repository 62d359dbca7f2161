using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: looking into repositories, for hosts that have no pages of their own. Every call throws only
/// <see cref="ProviderException"/> for what can be expected, and every answer is bounded. Who may look is asked before.
/// </summary>
public interface IRepositoryBrowser : IProvider
{
    /// <summary>In the order of their names.</summary>
    Task<IReadOnlyList<string>> BranchesAsync(RepositoryName name, int limit, CancellationToken cancellation);

    /// <summary>A folder at a branch, tag or SHA; null when there is none. The path "" is the top.</summary>
    Task<RepositoryFolder?> FolderAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation);

    /// <summary>
    /// The commits reachable from a branch, tag or SHA, newest first; empty when it does not exist.
    /// </summary>
    Task<IReadOnlyList<Commit>> HistoryAsync(
        RepositoryName name, string reference, int skip, int limit, CancellationToken cancellation);

    /// <summary>A commit with what it changed beside its first parent; null when there is none of that SHA.</summary>
    Task<CommitDetails?> CommitAsync(RepositoryName name, string sha, CancellationToken cancellation);
}

public enum RepositoryEntryKind { Folder, File, Link, Submodule }

/// <param name="Name">As Git has it, which may be any text.</param>
/// <param name="Size">Bytes; null for what is no file.</param>
public sealed record RepositoryEntry(string Name, RepositoryEntryKind Kind, long? Size);

/// <param name="Commit">That the reference names.</param>
/// <param name="Entries">Folders first, then by name.</param>
/// <param name="IsWhole">False when it has more.</param>
public sealed record RepositoryFolder(string Commit, IReadOnlyList<RepositoryEntry> Entries, bool IsWhole);

public enum FileChange { Added, Changed, Removed }

/// <param name="Patch">In Git's form, from the first hunk on; null for a binary file and where it is too large.</param>
/// <param name="Added">Lines; null for a binary file.</param>
public sealed record ChangedFile(string Path, FileChange Change, int? Added, int? Removed, string? Patch)
{
    public bool IsBinary => Added is null;
}

/// <param name="Body">What its message says below the subject.</param>
/// <param name="IsWhole">False when more files changed than are listed.</param>
public sealed record CommitDetails(
    Commit Commit, string Body, IReadOnlyList<string> Parents, IReadOnlyList<ChangedFile> Files, bool IsWhole);
