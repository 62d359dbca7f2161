using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IRepositoryBrowser"/> keeps. An adapter inherits it, makes repositories of these files, and
/// passes.
/// </summary>
public abstract class RepositoryBrowserConformance : FailingHostConformance
{
    /// <summary>Each would be something else to a command that took it for more than a name.</summary>
    private static readonly string[] HostileNames =
    [
        "-rf", "--help", "--output=x", ":(top)a", "a:b", "HEAD", "<script>alert(1)<", "%2e%2e", "a\"b'c",
        "$(id)", "ünï",
    ];

    protected abstract IRepositoryBrowser Browser { get; }

    /// <summary>The host of the same repositories.</summary>
    protected abstract IRepositoryHost Host { get; }

    /// <summary>A new repository whose branch <c>main</c> has one commit with these files.</summary>
    protected abstract Task<RepositoryName> NewAsync(params (string Path, string Text)[] files);

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var name = await NewAsync(("src/a.cs", "1"));
        var head = (await Browser.HistoryAsync(name, "main", 0, 1, Cancellation))[0].Sha;
        return
        [
            cancellation => Browser.BranchesAsync(name, 10, cancellation),
            cancellation => Browser.FolderAsync(name, "main", "src", cancellation),
            cancellation => Browser.HistoryAsync(name, "main", 0, 10, cancellation),
            cancellation => Browser.CommitAsync(name, head, cancellation),
        ];
    }

    [Fact]
    public async Task Folder_OfATree_HasFoldersFirstAndSizes()
    {
        var name = await NewAsync(("src/a.cs", "12345"), ("README.md", "# A"));

        var top = await Browser.FolderAsync(name, "main", "", Cancellation);
        var below = await Browser.FolderAsync(name, "main", "src", Cancellation);

        Assert.Equal(
            [("src", RepositoryEntryKind.Folder, null), ("README.md", RepositoryEntryKind.File, 3L)],
            top!.Entries.Select(e => (e.Name, e.Kind, e.Size)));
        Assert.Equal(("a.cs", 5L), (below!.Entries[0].Name, below.Entries[0].Size!.Value));
        Assert.Equal(["main"], await Browser.BranchesAsync(name, 10, Cancellation));
    }

    [Fact]
    public async Task Folder_NamesThatLookLikeSomethingElse_AreNames()
    {
        var name = await NewAsync([.. HostileNames.Select(n => ($"{n}/{n}", "x"))]);

        var top = await Browser.FolderAsync(name, "main", "", Cancellation);

        Assert.Equal(HostileNames.Order(StringComparer.Ordinal), top!.Entries.Select(e => e.Name));
        foreach (var hostile in HostileNames)
        {
            var below = await Browser.FolderAsync(name, "main", hostile, Cancellation);
            Assert.Equal([hostile], below!.Entries.Select(e => e.Name));
            var file = await Host.ReadFileAsync(name, "main", $"{hostile}/{hostile}", Cancellation);
            Assert.Equal("x"u8.ToArray(), file);
        }
    }

    [Theory]
    [InlineData("main", "..")]
    [InlineData("main", "../..")]
    [InlineData("main", "./src")]
    [InlineData("main", "src/../src")]
    [InlineData("main", "/src")]
    [InlineData("main", "src\n--help")]
    [InlineData("main", "README.md")]
    [InlineData("main", "absent")]
    [InlineData("--help", "src")]
    [InlineData("main..main", "src")]
    [InlineData("main^{tree}", "")]
    [InlineData("HEAD:src", "")]
    [InlineData("absent", "")]
    [InlineData("refs/../config", "")]
    public async Task Folder_WhatIsNoFolderThere_IsNone(string reference, string path)
    {
        var name = await NewAsync(("src/a.cs", "1"), ("README.md", "# A"));

        Assert.Null(await Browser.FolderAsync(name, reference, path, Cancellation));
        if (reference != "main") Assert.Empty(await Browser.HistoryAsync(name, reference, 0, 10, Cancellation));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("--help")]
    [InlineData("0000000000000000000000000000000000000000")]
    public async Task Commit_WhatIsNoCommit_IsNone(string sha)
    {
        var name = await NewAsync(("a", "1"));

        Assert.Null(await Browser.CommitAsync(name, sha, Cancellation));
    }

    [Fact]
    public async Task Commit_First_HasAllFilesAsAdded()
    {
        var name = await NewAsync(("a.txt", "one\ntwo\n"), ("b/c.txt", "x\n"));
        var head = Assert.Single(await Browser.HistoryAsync(name, "main", 0, 10, Cancellation));

        var commit = await Browser.CommitAsync(name, head.Sha, Cancellation);

        Assert.Equal((head, true), (commit!.Commit, commit.IsWhole));
        Assert.Equal(
            [("a.txt", FileChange.Added, 2), ("b/c.txt", FileChange.Added, 1)],
            commit.Files.Select(f => (f.Path, f.Change, f.Added!.Value)));
        Assert.StartsWith("@@", commit.Files[0].Patch, StringComparison.Ordinal);
    }
}
