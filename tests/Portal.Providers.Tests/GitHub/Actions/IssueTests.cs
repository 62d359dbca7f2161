using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub.Actions;

public sealed class IssueTests(GitHubActionsFixture github) : IClassFixture<GitHubActionsFixture>
{
    [Fact]
    public async Task Create_AnswerLost_IsOpenOnceAndClosedWithANoteWhenUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/issues", OutsideFault.CutAfter);
        var output = await run.DoAsync("github:issues:create", Given.Input(
            github.Url(name),
            """{"title": "Look", "body": "at this", "labels": ["docs"], "assignees": ["user:default/ada"]}"""));

        var made = Assert.Single((await github.Caller.GetAsync($"repos/{name}/issues?state=all")).AsArray())!;
        Assert.Equal(
            ((long)made["number"]!, (string)made["html_url"]!),
            ((long)output["issueNumber"]!, (string)output["issueUrl"]!));
        Assert.StartsWith("at this", (string)made["body"]!, StringComparison.Ordinal);
        Assert.Equal(("docs", "ada"), ((string)made["labels"]![0]!["name"]!, (string)made["assignees"]![0]!["login"]!));

        run.ForgetResults();
        await run.UndoAsync();

        var closed = await github.Caller.GetAsync($"repos/{name}/issues/{made["number"]}");
        Assert.Equal(("closed", "not_planned"), ((string)closed["state"]!, (string)closed["state_reason"]!));
        var note = (string)Assert.Single(
            (await github.Caller.GetAsync($"repos/{name}/issues/{made["number"]}/comments")).AsArray())!["body"]!;
        Assert.Contains($"/runs/{run.Mark}", note, StringComparison.Ordinal);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Create_MilestoneThatIsNoNumber_SaysWhatToGive()
    {
        var name = await github.NewRepositoryAsync();
        var error = await Assert.ThrowsAsync<ActionFailedException>(() => github.Run().DoAsync(
            "github:issues:create", Given.Input(github.Url(name), """{"title": "Look", "milestone": "soon"}""")));
        Assert.Contains("Give the number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Label_ThoseThatWereThereStay_WhenUndone()
    {
        var name = await github.NewRepositoryAsync();
        var issue = await github.Caller.PostAsync(
            $"repos/{name}/issues", JsonNode.Parse("""{"title": "Theirs", "labels": ["bug"]}"""));
        var run = github.Run();
        await run.DoAsync(
            "github:issues:label",
            Given.Input(github.Url(name), $$"""{"number": {{issue["number"]}}, "labels": ["Bug", "portal"]}"""));
        await github.Caller.PostAsync(
            $"repos/{name}/issues/{issue["number"]}/labels", JsonNode.Parse("""{"labels": ["later"]}"""));
        Assert.Equal(["bug", "later", "portal"], await LabelsAsync(name, issue));

        await run.UndoAsync();

        Assert.Equal(["bug", "later"], await LabelsAsync(name, issue));
        github.World.AssertNoViolations();
    }

    private async Task<IEnumerable<string>> LabelsAsync(RepositoryName name, JsonNode issue) =>
        (await github.Caller.GetAsync($"repos/{name}/issues/{issue["number"]}/labels")).AsArray()
            .Select(l => (string)l!["name"]!).Order(StringComparer.Ordinal);
}
