using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IRepositoryHost"/> keeps. An adapter inherits it, gives its host, and passes.
/// </summary>
public abstract class RepositoryHostConformance : FailingHostConformance
{
    protected abstract IRepositoryHost Host { get; }

    protected virtual string Organisation => "shop";

    protected static FileTree Tree(params (string Path, string Text)[] files) =>
        new(files.Select(f => new TreeFile(f.Path, Encoding.UTF8.GetBytes(f.Text))));

    protected RepositoryName NewName() => new(Organisation, "repo-" + Guid.NewGuid().ToString("N")[..12]);

    protected static CreateRepository Request(RepositoryName name, FileTree? tree = null, string branch = "main") =>
        new(
            name, "Orders of the shop", branch, tree
                ?? Tree(("README.md", "# Orders\n")), "Create orders\n\nFrom a template.",
            new CommitAuthor(
                "Ada Lovelace", "ada@example.com", new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.FromHours(1))),
            "run-" + name.Name, "group:default/checkout");

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var (there, another) = (Request(NewName()), Request(NewName()));
        await Host.CreateAsync(there, Cancellation);
        return
        [
            cancellation => Host.CreateAsync(another, cancellation),
            cancellation => Host.FindAsync(there.Name, cancellation),
            cancellation => Host.ListAsync(cancellation),
            cancellation => Host.CommitsAsync(there.Name, "main", 5, cancellation),
            cancellation => Host.ReadFileAsync(there.Name, "main", "README.md", cancellation),
            cancellation => Host.DeleteAsync(another.Name, cancellation),
        ];
    }

    [Fact]
    public async Task Create_NewName_IsFoundWithItsMarkAndOwner()
    {
        var name = NewName();
        var made = await Host.CreateAsync(Request(name), Cancellation);
        var found = await Host.FindAsync(name, Cancellation);
        Assert.Equal(made, found);
        Assert.Equal(
            ("run-" + name.Name, "group:default/checkout", "main", "Orders of the shop"),
            (made.Mark, made.Owner, made.DefaultBranch, made.Description));
        Assert.Matches("^[0-9a-f]{40}$", made.HeadCommit);
        Assert.Contains(found, await Host.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Create_NewName_HasOneCommitWithMessageAuthorAndTime()
    {
        var name = NewName();
        var made = await Host.CreateAsync(Request(name, branch: "trunk"), Cancellation);
        var commit = Assert.Single(await Host.CommitsAsync(name, "trunk", 10, Cancellation));
        Assert.Equal(new Commit(
            made.HeadCommit!, "Create orders", "Ada Lovelace",
            new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero)),
                commit with { At = commit.At.ToUniversalTime() });
    }

    [Fact]
    public async Task Create_AnyBytesAndPaths_AreReadBackAsTheyWere()
    {
        var bytes = Enumerable.Range(0, 400_000).Select(i => (byte)(i * 31 % 256)).ToArray();
        string[] paths = [
            "with space.txt", "ümlaut/日本.txt", "quote\"s.txt", ".github/workflows/ci.yml", "-dash", "a/b/c/d/e/f.bin",
            "done"];
        var name = NewName();
        await Host.CreateAsync(Request(
            name,
            new FileTree(paths.Select(
                p => new TreeFile(p, bytes)).Append(new TreeFile("empty", default)))), Cancellation);
        foreach (var path in paths) Assert.Equal(bytes, await Host.ReadFileAsync(name, "main", path, Cancellation));
        Assert.Empty((await Host.ReadFileAsync(name, "main", "empty", Cancellation))!);
    }

    [Fact]
    public async Task Create_NameTaken_ConflictAndTheFirstStays()
    {
        var name = NewName();
        var first = await Host.CreateAsync(Request(name), Cancellation);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(Request(name, Tree(("other", "x"))) with { Mark = "another" }, Cancellation));
        Assert.Equal((ErrorKind.Conflict, "repository-exists"), (error.Error.Kind, error.Error.Code));
        Assert.Equal(first, await Host.FindAsync(name, Cancellation));
    }

    /// <summary>Its answer may have been lost.</summary>
    [Fact]
    public async Task Create_SameMarkAgain_IsTheSame()
    {
        var request = Request(NewName());
        var first = await Host.CreateAsync(request, Cancellation);
        Assert.Equal(first, await Host.CreateAsync(request, Cancellation));
        Assert.Single(await Host.CommitsAsync(request.Name, "main", 10, Cancellation));
    }

    [Fact]
    public async Task Create_SameNameAtOnce_ExactlyOneWins()
    {
        var name = NewName();
        var calls = Enumerable.Range(0, 6).Select(
            i => Task.Run(
                () => Host.CreateAsync(
                    Request(name, Tree(("n", $"{i}"))) with { Mark = $"run-{i}" }, Cancellation))).ToList();
        await Assert.ThrowsAnyAsync<ProviderException>(() => Task.WhenAll(calls));
        _ = Assert.Single(calls, c => c.IsCompletedSuccessfully);
        Assert.All(
            calls.Where(c => c.IsFaulted),
            c => Assert.Equal(
                "repository-exists", Assert.IsType<ProviderException>(c.Exception!.InnerException).Error.Code));
    }

    [Fact]
    public async Task Create_Cancelled_LeavesNothing()
    {
        var name = NewName();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Host.CreateAsync(Request(name), source.Token));
        Assert.Null(await Host.FindAsync(name, Cancellation));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/absolute")]
    [InlineData("a/../../b")]
    [InlineData(".git/config")]
    [InlineData("sub/.GIT/hooks/pre-commit")]
    [InlineData("line\nbreak")]
    public async Task Create_PathThatClimbsOut_IsRefusedAndLeavesNothing(string path)
    {
        var name = NewName();
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(Request(name, Tree((path, "x"))), Cancellation));
        Assert.Equal(ErrorKind.Invalid, error.Error.Kind);
        Assert.Null(await Host.FindAsync(name, Cancellation));
    }

    [Fact]
    public async Task Create_FileAndFolderOfOneName_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(Request(NewName(), Tree(("a", "x"), ("a-b", "y"), ("a/b", "z"))), Cancellation));
        Assert.Contains("a is a file and a folder at once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Existing_IsGoneAndItsNameIsFree()
    {
        var name = NewName();
        await Host.CreateAsync(Request(name), Cancellation);
        await Host.DeleteAsync(name, Cancellation);
        await Host.DeleteAsync(name, Cancellation);
        Assert.Null(await Host.FindAsync(name, Cancellation));
        await Host.CreateAsync(Request(name), Cancellation);
    }

    [Fact]
    public async Task Read_WhatIsNotThere_IsNullOrEmpty()
    {
        var name = NewName();
        Assert.Null(await Host.FindAsync(name, Cancellation));
        await Host.CreateAsync(Request(name), Cancellation);
        Assert.Null(await Host.ReadFileAsync(name, "main", "missing", Cancellation));
        Assert.Null(await Host.ReadFileAsync(name, "missing", "README.md", Cancellation));
        Assert.Null(await Host.ReadFileAsync(name, "main", "", Cancellation));
        Assert.Empty(await Host.CommitsAsync(name, "missing", 5, Cancellation));
        Assert.Empty(await Host.CommitsAsync(name, new string('a', 40), 5, Cancellation));
    }

    [Theory]
    [InlineData("--output=/tmp/portal-was-here")]
    [InlineData("-n1")]
    [InlineData("main..main")]
    [InlineData("../../HEAD")]
    [InlineData("main:README.md")]
    [InlineData("main\nHEAD")]
    public async Task Read_ReferenceThatIsNone_IsNullOrEmpty(string reference)
    {
        var name = NewName();
        await Host.CreateAsync(Request(name), Cancellation);
        Assert.Empty(await Host.CommitsAsync(name, reference, 5, Cancellation));
        Assert.Null(await Host.ReadFileAsync(name, reference, "README.md", Cancellation));
        Assert.False(File.Exists("/tmp/portal-was-here"));
    }

    [Fact]
    public async Task ReadFile_AtACommit_IsThatFile()
    {
        var name = NewName();
        var made = await Host.CreateAsync(Request(name), Cancellation);
        Assert.Equal(
            "# Orders\n"u8.ToArray(), await Host.ReadFileAsync(name, made.HeadCommit!, "README.md", Cancellation));
    }

    [Fact]
    public async Task ReadFile_Above10MB_IsRefused()
    {
        var name = NewName();
        await Host.CreateAsync(Request(
            name, new FileTree([new TreeFile("big", new byte[10 * 1024 * 1024 + 1])])), Cancellation);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.ReadFileAsync(name, "main", "big", Cancellation));
        Assert.Equal(ErrorKind.TooLarge, error.Error.Kind);
    }

    [Fact]
    public void NameFromUrl_OwnAndForeign_TellsThemApart()
    {
        var name = NewName();
        Assert.Equal(name, Host.NameFromUrl(Host.CloneUrl(name)));
        Assert.Null(Host.NameFromUrl($"https://elsewhere.example/git/{name}.git"));
        Assert.Null(Host.NameFromUrl("not a url"));
    }
}
