using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>A look into the repositories of a <see cref="FakeHost"/>, and one commit that a test gives.</summary>
public sealed class FakeBrowser(FakeHost host) : IRepositoryBrowser
{
    public string Instance => host.Instance;

    public string Type => host.Type;

    public CommitDetails? Commit { get; set; }

    public Task<IReadOnlyList<string>> BranchesAsync(
        RepositoryName name, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(["main"]);

    public Task<RepositoryFolder?> FolderAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation)
    {
        if (reference != "main" || host.TreeOf(name) is not { } tree) return Task.FromResult<RepositoryFolder?>(null);
        var below = path.Length == 0 ? "" : path + "/";
        var entries = tree.Files.Where(f => f.Path.StartsWith(below, StringComparison.Ordinal))
            .Select(f => (Name: f.Path[below.Length..], f.Content.Length))
            .GroupBy(f => f.Name.Split('/')[0], StringComparer.Ordinal)
            .Select(g => g.Any(f => f.Name.Contains('/'))
                ? new RepositoryEntry(g.Key, RepositoryEntryKind.Folder, null)
                : new RepositoryEntry(g.Key, RepositoryEntryKind.File, g.First().Length)).ToList();
        return Task.FromResult<RepositoryFolder?>(new RepositoryFolder(new string('a', 40), entries, IsWhole: true));
    }

    public Task<IReadOnlyList<Commit>> HistoryAsync(
        RepositoryName name, string reference, int skip, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Commit>>(Commit is null ? [] : [Commit.Commit]);

    public Task<CommitDetails?> CommitAsync(RepositoryName name, string sha, CancellationToken cancellation) =>
        Task.FromResult(Commit?.Commit.Sha == sha ? Commit : null);
}
