using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Local;
using Portal.Providers.Local.Repositories;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Local.Repositories;

public sealed class LocalBrowserTests(LocalPortal portal) : RepositoryBrowserConformance, IClassFixture<LocalPortal>
{
    protected override IRepositoryBrowser Browser { get; } =
        portal.Services.GetServices<IProvider>().OfType<IRepositoryBrowser>().Single();

    protected override IRepositoryHost Host => portal.Repositories;

    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    [Fact]
    public async Task Folder_OfAHugeTree_IsCut()
    {
        var name = await NewAsync(
            [.. Enumerable.Range(0, LocalBrowser.MostEntries + 5).Select(i => ($"f{i:0000}", "x"))]);

        var top = await Browser.FolderAsync(name, "main", "", Cancellation);

        Assert.Equal((LocalBrowser.MostEntries, false), (top!.Entries.Count, top.IsWhole));
    }

    [Fact]
    public async Task Commit_FirstAndLater_TellsWhatChangedInEachFile()
    {
        var name = await NewAsync(("a.txt", "one\ntwo\n"), ("b.bin", "\0\0"), ("gone.txt", "x\n"));
        using var git = new GitClient(portal);
        await git.RunAsync("clone", "-q", FolderOf(name), "clone");
        File.Delete(Path.Combine(git.Folder, "clone", "gone.txt"));
        await git.CommitAsync("clone", "a.txt", "one\ndiff --git a/x b/x\n@@ 3 @@\n", "Second\n\nWhy it changed.");
        await git.RunAsync("-C", "clone", "push", "-q", FolderOf(name), "HEAD:main");
        var history = await Browser.HistoryAsync(name, "main", 0, 10, Cancellation);

        var first = await Browser.CommitAsync(name, history[1].Sha, Cancellation);
        var second = await Browser.CommitAsync(name, history[0].Sha, Cancellation);

        Assert.Equal(
            [("a.txt", FileChange.Added, 2), ("b.bin", FileChange.Added, null), ("gone.txt", FileChange.Added, 1)],
            first!.Files.Select(f => (f.Path, f.Change, f.Added)));
        Assert.True(first.Files[1].IsBinary);
        Assert.Equal(
            [("a.txt", FileChange.Changed), ("gone.txt", FileChange.Removed)],
            second!.Files.Select(f => (f.Path, f.Change)));
        Assert.Contains("+diff --git a/x b/x", second.Files[0].Patch, StringComparison.Ordinal);
        Assert.Contains("-x", second.Files[1].Patch, StringComparison.Ordinal);
        Assert.Equal(("Why it changed.", history[1].Sha), (second.Body, Assert.Single(second.Parents)));
        Assert.Equal("First", Assert.Single(await Browser.HistoryAsync(name, "main", 1, 10, Cancellation)).Subject);
    }

    [Fact]
    public async Task Commit_LargerThanIsShown_NamesItsFilesWithoutThePatch()
    {
        var line = new string('x', 100) + "\n";
        var name = await NewAsync(("large.txt", string.Concat(Enumerable.Repeat(line, 60_000))), ("small.txt", "x"));
        var head = (await Browser.HistoryAsync(name, "main", 0, 1, Cancellation))[0].Sha;

        var commit = await Browser.CommitAsync(name, head, Cancellation);

        Assert.Equal(60_000, commit!.Files[0].Added);
        Assert.All(commit.Files, f => Assert.Null(f.Patch));
    }

    [Fact]
    public async Task Commit_MessageWithSeparatorsOfAnyKind_IsReadAsItIs()
    {
        const string Subject = "a\u001fb\u001ec";
        var name = await NewAsync(Subject, ("a", "1"));

        var commit = Assert.Single(await Browser.HistoryAsync(name, "main", 0, 10, Cancellation));

        Assert.Equal((Subject, "Alice"), (commit.Subject, commit.AuthorName));
        var newest = await portal.Repositories.CommitsAsync(name, "main", 5, Cancellation);
        Assert.Equal(Subject, Assert.Single(newest).Subject);
    }

    [Fact]
    public async Task Commit_FileThatIsNoUtf8_IsBinary()
    {
        var name = await NewAsync("First", new FileTree([new TreeFile("a", (byte[])[0x80, 0x81, (byte)'\n'])]));
        var head = (await Browser.HistoryAsync(name, "main", 0, 1, Cancellation))[0].Sha;

        Assert.True((await Browser.CommitAsync(name, head, Cancellation))!.Files[0].IsBinary);
    }

    protected override Task<RepositoryName> NewAsync(params (string Path, string Text)[] files) =>
        NewAsync("First", files);

    private Task<RepositoryName> NewAsync(string message, params (string Path, string Text)[] files) => NewAsync(
        message, new FileTree(files.Select(f => new TreeFile(f.Path, Encoding.UTF8.GetBytes(f.Text)))));

    private async Task<RepositoryName> NewAsync(string message, FileTree tree)
    {
        var name = new RepositoryName("team-a", $"browse-{Guid.NewGuid():N}");
        await portal.Repositories.CreateAsync(
            new CreateRepository(
                name, "", "main", tree, message,
                new CommitAuthor("Alice", "alice@example.com", DateTimeOffset.UnixEpoch), "mark",
                "group:default/team-a"), Cancellation);
        return name;
    }

    private string FolderOf(RepositoryName name) =>
        portal.Services.GetRequiredService<LocalFolders>().Repository(name);
}
