using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.GitHub;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub;

/// <summary>What is GitHub's own; the rest is in the suite.</summary>
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
        var request = Request(name) with
        {
            Deletions = ["old.txt", "never-there.txt"], Reviewers = ["ada"], TeamReviewers = ["checkout"]
        };
        var pull = await github.PullRequests.OpenAsync(request, Cancellation);
        Assert.Equal(("open", "update-42"), (pull.State, pull.Branch));
        Assert.Equal(
            [pull.HeadCommit, head],
            (await github.Repositories.CommitsAsync(name, "update-42", 10, Cancellation)).Select(c => c.Sha));
        Assert.Equal(
            "new"u8.ToArray(), await github.Repositories.ReadFileAsync(name, "update-42", "README.md", Cancellation));
        Assert.Equal(
            "kept"u8.ToArray(),
            await github.Repositories.ReadFileAsync(name, "update-42", "src/kept.txt", Cancellation));
        Assert.Null(await github.Repositories.ReadFileAsync(name, "update-42", "old.txt", Cancellation));
        var seen = await caller.GetAsync($"repos/{name}/pulls/{pull.Number}");
        Assert.Equal(
            ("Update orders", "main", pull.Url),
            ((string)seen["title"]!, (string)seen["base"]!["ref"]!, (string)seen["html_url"]!));
        Assert.StartsWith("What changes.\n\n<!--", (string)seen["body"]!, StringComparison.Ordinal);
        Assert.Equal(["ada"], seen["requested_reviewers"]!.AsArray().Select(r => (string)r!["login"]!));
        Assert.Equal(["checkout"], seen["requested_teams"]!.AsArray().Select(r => (string)r!["slug"]!));
    }

    [Theory]
    [InlineData("POST /repos/{owner}/{repo}/git/refs", OutsideFault.CutAfter, 4)]
    [InlineData("POST /repos/{owner}/{repo}/git/commits", OutsideFault.FailAfter, 4)]
    [InlineData("POST /repos/{owner}/{repo}/pulls", OutsideFault.CutAfter, 1)]
    [InlineData("POST /repos/{owner}/{repo}/pulls", OutsideFault.FailBefore, 1)]
    [InlineData("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", OutsideFault.FailAfter, 4)]
    public async Task Open_AnswerLost_IsFinishedByTheNextCallAndOpenedOnce(
        string operation, OutsideFault fault, int times)
    {
        var (name, head) = await RepositoryAsync();
        github.World.Faults.Plan(operation, fault, times);
        await Assert.ThrowsAsync<ProviderException>(
            () => github.PullRequests.OpenAsync(Request(name) with { Reviewers = ["ada"] }, Cancellation));
        var pull = await github.PullRequests.OpenAsync(Request(name) with { Reviewers = ["ada"] }, Cancellation);
        Assert.Equal(
            [pull.HeadCommit, head],
            (await github.Repositories.CommitsAsync(name, "update-42", 10, Cancellation)).Select(c => c.Sha));
        using var caller = new GitHubCaller(github.World);
        Assert.Single((await caller.GetAsync($"repos/{name}/pulls?state=all")).AsArray());
    }

    [Fact]
    public async Task Open_ReviewerThatIsNone_SaysWhoAndLeavesItOpen()
    {
        var (name, _) = await RepositoryAsync();
        var refused = await Assert.ThrowsAsync<ProviderException>(
            () => github.PullRequests.OpenAsync(Request(name) with { Reviewers = ["stranger"] }, Cancellation));
        Assert.Equal("pull-request-reviewers", refused.Error.Code);
        Assert.Contains("stranger", refused.Message, StringComparison.Ordinal);
        Assert.Equal("open", (await github.PullRequests.FindByMarkAsync(name, "mark-1", Cancellation))!.State);
    }

    /// <summary>Whoever writes the text of one must not make it another's.</summary>
    [Fact]
    public async Task FindByMark_MarkInTheTextOfAnother_IsNotThatOne()
    {
        var (name, _) = await RepositoryAsync();
        var forged =
            Request(name) with { Mark = "mark-2", Body = "Hello <!-- portal:mark-1 --> <!-- portal:mark-2 -->" };
        var pull = await github.PullRequests.OpenAsync(forged, Cancellation);
        Assert.Null(await github.PullRequests.FindByMarkAsync(name, "mark-1", Cancellation));
        Assert.Equal(pull, await github.PullRequests.FindByMarkAsync(name, "mark-2", Cancellation));
    }

    [Fact]
    public async Task Open_LongBody_IsCutAndItsMarkKept()
    {
        var (name, _) = await RepositoryAsync();
        var pull =
            await github.PullRequests.OpenAsync(Request(name) with { Body = new string('x', 100_000) }, Cancellation);
        using var caller = new GitHubCaller(github.World);
        var body = (string)(await caller.GetAsync($"repos/{name}/pulls/{pull.Number}"))["body"]!;
        Assert.Equal(65_536, body.Length);
        Assert.EndsWith("x…\n\n<!-- portal:mark-1 -->", body, StringComparison.Ordinal);
    }

    private static OpenPullRequest Request(RepositoryName name) => new(
        name, "update-42", null, "Update orders", "What changes.", GitHubThings.Tree(("README.md", "new")), [],
        "Update it",
        new CommitAuthor("Ada", "ada@example.com", new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)),
        "mark-1");

    private async Task<(RepositoryName Name, string Head)> RepositoryAsync()
    {
        var made = await github.Repositories.CreateAsync(GitHubThings.Request(
            GitHubThings.NewName(), ("README.md", "old"), ("old.txt", "x"), ("src/kept.txt", "kept")), Cancellation);
        return (made.Name, made.HeadCommit!);
    }
}
