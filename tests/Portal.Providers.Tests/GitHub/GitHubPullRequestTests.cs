using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.GitHub;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubPullRequestTests(GitHubFixture github) : IClassFixture<GitHubFixture>, IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Assert.Empty(github.World.Violations);

    [Fact]
    public async Task Open_ChangesAndDeletions_AreOneCommitOnTheTarget()
    {
        var (name, head) = await RepositoryAsync();
        using var caller = new GitHubCaller(github.World);
        await caller.DoAsync("PUT", $"orgs/shop/teams/checkout/repos/{name}");
        var request = Request(name) with { Deletions = ["old.txt", "never-there.txt"], Reviewers = ["ada"], TeamReviewers = ["checkout"] };
        var pull = await github.PullRequests.OpenAsync(request, Cancellation);
        Assert.Equal(("open", "update-42"), (pull.State, pull.Branch));
        Assert.Equal([pull.HeadCommit, head], (await github.Repositories.CommitsAsync(name, "update-42", 10, Cancellation)).Select(c => c.Sha));
        Assert.Equal("new"u8.ToArray(), await github.Repositories.ReadFileAsync(name, "update-42", "README.md", Cancellation));
        Assert.Equal("kept"u8.ToArray(), await github.Repositories.ReadFileAsync(name, "update-42", "src/kept.txt", Cancellation));
        Assert.Null(await github.Repositories.ReadFileAsync(name, "update-42", "old.txt", Cancellation));
        var seen = await caller.GetAsync($"repos/{name}/pulls/{pull.Number}");
        Assert.Equal(("Update orders", "main", pull.Url), ((string)seen["title"]!, (string)seen["base"]!["ref"]!, (string)seen["html_url"]!));
        Assert.StartsWith("What changes.\n\n<!--", (string)seen["body"]!, StringComparison.Ordinal);
        Assert.Equal(["ada"], seen["requested_reviewers"]!.AsArray().Select(r => (string)r!["login"]!));
        Assert.Equal(["checkout"], seen["requested_teams"]!.AsArray().Select(r => (string)r!["slug"]!));
    }

    [Fact]
    public async Task Open_SameMarkAgain_IsTheSame()
    {
        var (name, _) = await RepositoryAsync();
        var pull = await github.PullRequests.OpenAsync(Request(name), Cancellation);
        Assert.Equal(pull, await github.PullRequests.OpenAsync(Request(name), Cancellation));
        Assert.Equal(pull, await github.PullRequests.FindByMarkAsync(name, "mark-1", Cancellation));
        Assert.Null(await github.PullRequests.FindByMarkAsync(name, "mark-2", Cancellation));
        Assert.Null(await github.PullRequests.FindByMarkAsync(GitHubThings.NewName(), "mark-1", Cancellation));
        var other = await Assert.ThrowsAsync<ProviderException>(() => github.PullRequests.OpenAsync(Request(name) with { Mark = "mark-2" }, Cancellation));
        Assert.Equal((ErrorKind.Conflict, "branch-exists"), (other.Error.Kind, other.Error.Code));
    }

    [Theory]
    [InlineData("POST /repos/{owner}/{repo}/git/refs", OutsideFault.CutAfter, 4)]
    [InlineData("POST /repos/{owner}/{repo}/git/commits", OutsideFault.FailAfter, 4)]
    [InlineData("POST /repos/{owner}/{repo}/pulls", OutsideFault.CutAfter, 1)]
    [InlineData("POST /repos/{owner}/{repo}/pulls", OutsideFault.FailBefore, 1)]
    [InlineData("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", OutsideFault.FailAfter, 4)]
    public async Task Open_AnswerLost_IsFinishedByTheNextCallAndOpenedOnce(string operation, OutsideFault fault, int times)
    {
        var (name, head) = await RepositoryAsync();
        github.World.Faults.Plan(operation, fault, times);
        await Assert.ThrowsAsync<ProviderException>(() => github.PullRequests.OpenAsync(Request(name) with { Reviewers = ["ada"] }, Cancellation));
        var pull = await github.PullRequests.OpenAsync(Request(name) with { Reviewers = ["ada"] }, Cancellation);
        Assert.Equal([pull.HeadCommit, head], (await github.Repositories.CommitsAsync(name, "update-42", 10, Cancellation)).Select(c => c.Sha));
        using var caller = new GitHubCaller(github.World);
        Assert.Single((await caller.GetAsync($"repos/{name}/pulls?state=all")).AsArray());
    }

    [Fact]
    public async Task Close_Open_IsClosedAndItsBranchGone()
    {
        var (name, _) = await RepositoryAsync();
        var pull = await github.PullRequests.OpenAsync(Request(name), Cancellation);
        await github.PullRequests.CloseAsync(name, pull.Number, Cancellation);
        await github.PullRequests.CloseAsync(name, pull.Number, Cancellation);
        await github.PullRequests.CloseAsync(name, 4711, Cancellation);
        Assert.Equal("closed", (await github.PullRequests.FindByMarkAsync(name, "mark-1", Cancellation))!.State);
        Assert.Empty(await github.Repositories.CommitsAsync(name, "update-42", 1, Cancellation));
    }

    [Fact]
    public async Task Close_Merged_StaysMerged()
    {
        var (name, _) = await RepositoryAsync();
        var pull = await github.PullRequests.OpenAsync(Request(name), Cancellation);
        using var caller = new GitHubCaller(github.World);
        await caller.DoAsync("PUT", $"repos/{name}/pulls/{pull.Number}/merge");
        await github.PullRequests.CloseAsync(name, pull.Number, Cancellation);
        Assert.Equal("merged", (await github.PullRequests.FindByMarkAsync(name, "mark-1", Cancellation))!.State);
    }

    [Fact]
    public async Task Open_WhatCannotBe_SaysWhy()
    {
        var (name, _) = await RepositoryAsync();
        var nothing = await Assert.ThrowsAsync<ProviderException>(() => github.PullRequests.OpenAsync(Request(name) with { Changes = GitHubThings.Tree(("README.md", "old")) }, Cancellation));
        Assert.Equal("pull-request-empty", nothing.Error.Code);
        var target = await Assert.ThrowsAsync<ProviderException>(() => github.PullRequests.OpenAsync(Request(name) with { Target = "missing" }, Cancellation));
        Assert.Equal((ErrorKind.NotFound, "branch-not-found"), (target.Error.Kind, target.Error.Code));
        var unknown = await Assert.ThrowsAsync<ProviderException>(() => github.PullRequests.OpenAsync(Request(GitHubThings.NewName()), Cancellation));
        Assert.Equal(ErrorKind.NotFound, unknown.Error.Kind);
        var reviewer = await Assert.ThrowsAsync<ProviderException>(() => github.PullRequests.OpenAsync(Request(name) with { Reviewers = ["stranger"] }, Cancellation));
        Assert.Equal("pull-request-reviewers", reviewer.Error.Code);
        Assert.Contains("stranger", reviewer.Message, StringComparison.Ordinal);
    }

    private static OpenPullRequest Request(RepositoryName name) => new(
        name, "update-42", null, "Update orders", "What changes.", GitHubThings.Tree(("README.md", "new")), [], "Update it",
        new CommitAuthor("Ada", "ada@example.com", new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)), "mark-1");

    private async Task<(RepositoryName Name, string Head)> RepositoryAsync()
    {
        var made = await github.Repositories.CreateAsync(GitHubThings.Request(GitHubThings.NewName(), ("README.md", "old"), ("old.txt", "x"), ("src/kept.txt", "kept")), Cancellation);
        return (made.Name, made.HeadCommit!);
    }
}
