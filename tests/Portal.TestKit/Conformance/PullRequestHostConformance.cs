using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IPullRequestHost"/> keeps. An adapter inherits it, gives its host and the repositories, and
/// passes.
/// </summary>
public abstract class PullRequestHostConformance : FailingHostConformance
{
    protected const string Branch = "update-42";

    protected abstract IPullRequestHost Host { get; }

    /// <summary>Reads what is in the branches.</summary>
    protected abstract IRepositoryHost Repositories { get; }

    /// <summary>A repository with these files in the one commit of its branch <c>main</c>.</summary>
    protected abstract Task<Repository> NewRepositoryAsync(params (string Path, string Text)[] files);

    /// <summary>Somebody merges it at the host.</summary>
    protected abstract Task MergeAsync(RepositoryName repository, long number);

    /// <summary>Somebody opens so many others, each from a branch of its own, after all that are there.</summary>
    protected abstract Task OpenOthersAsync(RepositoryName repository, int count);

    protected static OpenPullRequest Request(RepositoryName repository, string mark = "run-1") => new(
        repository, Branch, null, "Update orders", "What changes.", Tree(("README.md", "new")), [], "Update it",
        new CommitAuthor("Ada", "ada@example.com", new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)), mark);

    protected static FileTree Tree(params (string Path, string Text)[] files) =>
        new(files.Select(f => new TreeFile(f.Path, Encoding.UTF8.GetBytes(f.Text))));

    protected static RepositoryName Unknown() => new("shop", "unknown-" + Guid.NewGuid().ToString("N")[..8]);

    protected Task<Repository> NewRepositoryAsync() =>
        NewRepositoryAsync(("README.md", "old"), ("old.txt", "x"), ("src/kept.txt", "kept"));

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        return
        [
            cancellation => Host.OpenAsync(Request(repository), cancellation),
            cancellation => Host.OpenAsync(Request(repository, "run-2") with { Branch = "another" }, cancellation),
            cancellation => Host.FindByMarkAsync(repository, "run-1", cancellation),
            cancellation => Host.CloseAsync(repository, pull.Number, cancellation),
        ];
    }

    [Fact]
    public async Task Open_ChangesAndDeletions_AreOneCommitOnTheTarget()
    {
        var repository = await NewRepositoryAsync();
        var pull = await Host.OpenAsync(
            Request(repository.Name) with { Deletions = ["old.txt", "never-there.txt"] }, Cancellation);
        Assert.Equal(("open", Branch), (pull.State, pull.Branch));
        Assert.True(pull.Number > 0);
        Assert.StartsWith("http", pull.Url, StringComparison.Ordinal);
        Assert.Equal([pull.HeadCommit, repository.HeadCommit], await CommitsAsync(repository.Name, Branch));
        Assert.Equal([repository.HeadCommit], await CommitsAsync(repository.Name, "main"));
        Assert.Equal("new", await ReadAsync(repository.Name, "README.md"));
        Assert.Equal("kept", await ReadAsync(repository.Name, "src/kept.txt"));
        Assert.Null(await ReadAsync(repository.Name, "old.txt"));
    }

    [Fact]
    public async Task Open_OddNamesAndBigFiles_AreThereAsGiven()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var big = new string('ä', 600_000);
        string[] paths = ["with space.txt", "ümlaut/日本.txt", "quote\"s.txt", "-dash", "readme.md", "README"];
        var changes = Tree([.. paths.Select(p => (p, p)), ("big.txt", big)]);
        var pull = await Host.OpenAsync(
            Request(repository) with { Branch = "feature/ümlaut-#1", Changes = changes, Title = "Ändere „alles“ <b>" },
            Cancellation);
        Assert.Equal("feature/ümlaut-#1", pull.Branch);
        foreach (var path in paths) Assert.Equal(path, await ReadAsync(repository, path, pull.HeadCommit));
        Assert.Equal(big, await ReadAsync(repository, "big.txt", pull.HeadCommit));
        // Names that differ in their case alone are two names.
        Assert.Equal("old", await ReadAsync(repository, "README.md", pull.HeadCommit));
        await Host.CloseAsync(repository, pull.Number, Cancellation);
        Assert.Empty(await CommitsAsync(repository, "feature/ümlaut-#1"));
    }

    [Fact]
    public async Task Open_DeletedAndChangedAtOnce_IsChanged()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(
            Request(repository) with { Deletions = ["README.md", "old.txt"] }, Cancellation);
        Assert.Equal("new", await ReadAsync(repository, "README.md", pull.HeadCommit));
        Assert.Null(await ReadAsync(repository, "old.txt", pull.HeadCommit));
    }

    [Fact]
    public async Task Open_BodyLongerThanTheHostTakes_IsOpenedAndFoundByItsMark()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var body = string.Concat(Enumerable.Repeat("Ein Grund für die Änderung 🚀. ", 10_000));
        var pull = await Host.OpenAsync(Request(repository) with { Body = body }, Cancellation);
        Assert.Equal(pull, await Host.FindByMarkAsync(repository, "run-1", Cancellation));
        Assert.Equal(pull, await Host.OpenAsync(Request(repository) with { Body = body }, Cancellation));
    }

    [Fact]
    public async Task Open_SameMarkAgain_IsTheSameWhateverBecameOfIt()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        Assert.Equal(pull, await Host.OpenAsync(Request(repository), Cancellation));
        await Host.CloseAsync(repository, pull.Number, Cancellation);
        Assert.Equal((pull.Number, "closed"), Of(await Host.OpenAsync(Request(repository), Cancellation)));
        var other = await Host.OpenAsync(Request(repository, "run-2") with { Branch = "another" }, Cancellation);
        await MergeAsync(repository, other.Number);
        Assert.Equal(
            (other.Number, "merged"),
            Of(await Host.OpenAsync(Request(repository, "run-2") with { Branch = "another" }, Cancellation)));
    }

    [Theory]
    [InlineData("run-1", "run-12")]
    [InlineData("run-12", "run-1")]
    [InlineData("run-1/open/1", "run-1/open/11")]
    [InlineData("run-1", "RUN-1")]
    public async Task Open_BranchOfAnotherMark_IsAConflictAndStays(string mark, string other)
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository, other), Cancellation);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.OpenAsync(Request(repository, mark) with { Changes = Tree(("x", "x")) }, Cancellation));
        Assert.Equal((ErrorKind.Conflict, "branch-exists"), (error.Error.Kind, error.Error.Code));
        Assert.Null(await Host.FindByMarkAsync(repository, mark, Cancellation));
        Assert.Equal(pull, await Host.FindByMarkAsync(repository, other, Cancellation));
    }

    [Fact]
    public async Task Open_SameMarkAtOnce_IsOne()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var calls = Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => Host.OpenAsync(Request(repository), Cancellation))).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
        // One that was overtaken may say so; none opens a second.
        Assert.All(calls.Where(c => c.IsFaulted), c => Assert.IsType<ProviderException>(c.Exception!.InnerException));
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        Assert.All(calls.Where(c => c.IsCompletedSuccessfully), c => Assert.Equal(pull, c.GetAwaiter().GetResult()));
        Assert.Equal(2, (await CommitsAsync(repository, Branch)).Count);
    }

    [Fact]
    public async Task Open_WhatCannotBe_IsRefusedAndLeavesNothing()
    {
        var repository = (await NewRepositoryAsync()).Name;
        foreach (var branch in (string[])["", "a b", "-x", "a..b", "/a", "a/", "a.lock", "refs~1", "a\nb"])
        {
            Assert.Equal(ErrorKind.Invalid, (await RefusedAsync(Request(repository) with { Branch = branch })).Kind);
        }
        foreach (var path in (string[])["../x", "/x", "a//b", "", "./a"])
        {
            Assert.Equal(
                ErrorKind.Invalid, (await RefusedAsync(Request(repository) with { Changes = Tree((path, "x")) })).Kind);
            Assert.Equal(ErrorKind.Invalid, (await RefusedAsync(Request(repository) with { Deletions = [path] })).Kind);
        }
        Assert.Equal(
            "pull-request-empty",
            (await RefusedAsync(Request(repository) with { Changes = Tree(("README.md", "old")) })).Code);
        Assert.Equal(
            "pull-request-empty",
            (await RefusedAsync(
                Request(repository) with { Changes = FileTree.Empty, Deletions = ["never-there.txt"] })).Code);
        var target = await RefusedAsync(Request(repository) with { Target = "missing" });
        Assert.Equal((ErrorKind.NotFound, "branch-not-found"), (target.Kind, target.Code));
        Assert.Equal(ErrorKind.NotFound, (await RefusedAsync(Request(Unknown()))).Kind);
        Assert.Null(await Host.FindByMarkAsync(repository, "run-1", Cancellation));
        Assert.Empty(await CommitsAsync(repository, Branch));
    }

    [Fact]
    public async Task FindByMark_ManyAfterIt_IsStillFound()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        await OpenOthersAsync(repository, 110);
        Assert.Equal(pull, await Host.FindByMarkAsync(repository, "run-1", Cancellation));
        Assert.Equal(pull, await Host.OpenAsync(Request(repository), Cancellation));
    }

    [Fact]
    public async Task FindByMark_UnknownMarkOrRepository_IsNull()
    {
        var repository = (await NewRepositoryAsync()).Name;
        await Host.OpenAsync(Request(repository), Cancellation);
        foreach (var mark in (string[])["run-2", "run", "un-1", "", "Update orders"])
        {
            Assert.Null(await Host.FindByMarkAsync(repository, mark, Cancellation));
        }
        Assert.Null(await Host.FindByMarkAsync(Unknown(), "run-1", Cancellation));
    }

    [Fact]
    public async Task Close_Open_IsClosedAndItsBranchGone()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        for (var i = 0; i < 2; i++) await Host.CloseAsync(repository, pull.Number, Cancellation);
        Assert.Equal((pull.Number, "closed"), Of((await Host.FindByMarkAsync(repository, "run-1", Cancellation))!));
        Assert.Empty(await CommitsAsync(repository, Branch));
        Assert.NotEmpty(await CommitsAsync(repository, "main"));
    }

    [Fact]
    public async Task Close_Merged_StaysMerged()
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        await MergeAsync(repository, pull.Number);
        await Host.CloseAsync(repository, pull.Number, Cancellation);
        Assert.Equal((pull.Number, "merged"), Of((await Host.FindByMarkAsync(repository, "run-1", Cancellation))!));
    }

    [Theory]
    [InlineData(4711)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task Close_WhatIsNotThere_IsFine(long number)
    {
        var repository = (await NewRepositoryAsync()).Name;
        var pull = await Host.OpenAsync(Request(repository), Cancellation);
        await Host.CloseAsync(repository, number, Cancellation);
        await Host.CloseAsync(Unknown(), pull.Number, Cancellation);
        Assert.Equal(pull, await Host.FindByMarkAsync(repository, "run-1", Cancellation));
    }

    protected async Task<IReadOnlyList<string?>> CommitsAsync(RepositoryName repository, string branch) =>
        [.. (await Repositories.CommitsAsync(repository, branch, 10, Cancellation)).Select(c => c.Sha)];

    private async Task<string?> ReadAsync(RepositoryName repository, string path, string reference = Branch) =>
        await Repositories.ReadFileAsync(repository, reference, path, Cancellation) is { } bytes
            ? Encoding.UTF8.GetString(bytes) : null;

    private async Task<Error> RefusedAsync(OpenPullRequest request) =>
        (await Assert.ThrowsAsync<ProviderException>(() => Host.OpenAsync(request, Cancellation))).Error;

    private static (long Number, string State) Of(PullRequest pull) => (pull.Number, pull.State);
}
