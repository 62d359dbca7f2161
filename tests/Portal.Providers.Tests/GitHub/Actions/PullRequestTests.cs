using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub.Actions;

public sealed class PullRequestTests(GitHubActionsFixture github) : IClassFixture<GitHubActionsFixture>
{
    private const string Input =
        """{"branchName": "add-it", "title": "Add it", "description": "What it is", "targetPath": "apps/orders"}""";

    [Fact]
    public async Task Open_AnswerLost_IsOpenOnceWithAllThatWasAskedFor()
    {
        var (name, run) = (await github.NewRepositoryAsync(), Run());
        await github.Caller.DoAsync(
            "PUT", $"orgs/shop/teams/platform/repos/{name}", JsonNode.Parse("""{"permission": "push"}"""));
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/pulls", OutsideFault.CutAfter);
        var input = Given.Input(github.Url(name), Input);
        foreach (var (key, value) in JsonNode.Parse("""
            {"filesToDelete": ["src/app.txt", "not/there.txt"], "draft": true, "reviewers": ["ada"], "teamReviewers": ["platform"], "assignees": ["alan"], "commitMessage": "Add orders",
             "gitAuthorName": "Grace", "gitAuthorEmail": "grace@example.com"}
            """)!.AsObject()) input[key] = value!.DeepClone();
        var output = await run.DoAsync("publish:github:pull-request", input);

        var pull = Assert.Single((await github.Caller.GetAsync($"repos/{name}/pulls?state=all")).AsArray())!;
        Assert.Equal(
            ((long)pull["number"]!, (string)pull["html_url"]!, "main"),
            ((long)output["pullRequestNumber"]!, (string)output["remoteUrl"]!, (string)output["targetBranchName"]!));
        Assert.Equal(
            ("Add it", true, "ada", "platform", "alan"),
            ((string)pull["title"]!, (bool)pull["draft"]!, (string)pull["requested_reviewers"]![0]!["login"]!,
                (string)pull["requested_teams"]![0]!["slug"]!, (string)pull["assignees"]![0]!["login"]!));
        Assert.Equal("one\n", await TextAsync(name, "apps/orders/app.txt", "add-it"));
        Assert.Equal(
            404, (await github.Caller.SendAsync("GET", $"repos/{name}/contents/src/app.txt?ref=add-it")).Status);
        Assert.NotNull(await TextAsync(name, "README.md", "add-it"));
        var commit = (await github.Caller.GetAsync($"repos/{name}/commits?sha=add-it"))[0]!["commit"]!;
        Assert.StartsWith("Add orders", (string)commit["message"]!, StringComparison.Ordinal);
        Assert.Equal("Grace", (string)commit["author"]!["name"]!);

        run.ForgetResults();
        Assert.Contains(
            "is closed and its branch add-it deleted", Assert.Single(await run.PreviewAsync()).Sentence,
            StringComparison.Ordinal);
        await run.UndoAsync();
        Assert.Equal(
            "closed", (string)(await github.Caller.GetAsync($"repos/{name}/pulls/{pull["number"]}"))["state"]!);
        Assert.Equal(404, (await github.Caller.SendAsync("GET", $"repos/{name}/git/ref/heads/add-it")).Status);
        github.World.AssertNoViolations();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Update_OpenPullRequest_GetsOneMoreCommitUntilUndone(bool knowsResult)
    {
        var (name, first, second) = (await github.NewRepositoryAsync(), Run(), Run());
        var opened = await first.DoAsync("publish:github:pull-request", Given.Input(github.Url(name), Input));
        var before = await HeadAsync(name);
        second.Workspace.Put("src/more.txt", "two\n");
        var input = Given.Input(github.Url(name), Input);
        input["update"] = true;
        input["sourcePath"] = "src";
        github.World.Faults.Plan("PATCH /repos/{owner}/{repo}/git/refs/{ref}", OutsideFault.CutAfter);
        var updated = await second.DoAsync("publish:github:pull-request", input);

        Assert.Equal((long)opened["pullRequestNumber"]!, (long)updated["pullRequestNumber"]!);
        Assert.Equal("two\n", await TextAsync(name, "apps/orders/more.txt", "add-it"));
        Assert.Equal(3, (await github.Caller.GetAsync($"repos/{name}/commits?sha=add-it")).AsArray().Count);
        if (!knowsResult) second.ForgetResults();

        await second.UndoAsync();

        Assert.Equal(before, await HeadAsync(name));
        Assert.Equal(
            "open",
            (string)(await github.Caller.GetAsync($"repos/{name}/pulls/{opened["pullRequestNumber"]}"))["state"]!);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Update_NoPullRequestYet_OpensOne()
    {
        var (name, run) = (await github.NewRepositoryAsync(), Run());
        var input = Given.Input(github.Url(name), Input);
        input["update"] = true;
        await run.DoAsync("publish:github:pull-request", input);
        Assert.Single((await github.Caller.GetAsync($"repos/{name}/pulls")).AsArray());
        await run.UndoAsync();
        Assert.Empty((await github.Caller.GetAsync($"repos/{name}/pulls")).AsArray());
    }

    [Fact]
    public async Task Open_BranchOfAnother_IsRefused()
    {
        var name = await github.NewRepositoryAsync();
        await Run().DoAsync("publish:github:pull-request", Given.Input(github.Url(name), Input));
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Run().DoAsync("publish:github:pull-request", Given.Input(github.Url(name), Input)));
        Assert.Equal("branch-exists", error.Error.Code);
    }

    [Fact]
    public async Task Open_NothingToChange_IsLeftOutOnlyWhereTheTemplateAllowsIt()
    {
        var (name, run) = (await github.NewRepositoryAsync(("src/app.txt", "one\n")), Run());
        var input = Given.Input(
            github.Url(name),
            """{"branchName": "same", "title": "Same", "description": "", "createWhenEmpty": false}""");
        run.Workspace.Remove("README.md");
        run.Workspace.Remove("app.txt");
        run.Workspace.Put("src/app.txt", "one\n");
        Assert.Empty(await run.DoAsync("publish:github:pull-request", (JsonObject)input.DeepClone()));
        Assert.Contains(
            run.Lines,
            l => l.Level == RunEventType.Warning && l.Message.Contains("nothing to change", StringComparison.Ordinal));
        Assert.Equal(404, (await github.Caller.SendAsync("GET", $"repos/{name}/git/ref/heads/same")).Status);
        Assert.False(Assert.Single(await run.PreviewAsync()).IsRemoved);
        await run.UndoAsync();

        input.Remove("createWhenEmpty");
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => run.DoAsync("publish:github:pull-request", input));
        Assert.Contains("Nothing would change", error.Message, StringComparison.Ordinal);
        github.World.AssertNoViolations();
    }

    private async Task<string> HeadAsync(RepositoryName name) =>
        (string)(await github.Caller.GetAsync($"repos/{name}/git/ref/heads/add-it"))["object"]!["sha"]!;

    private async Task<string> TextAsync(RepositoryName name, string path, string branch) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(
            (string)(await github.Caller.GetAsync($"repos/{name}/contents/{path}?ref={branch}"))["content"]!));

    private ActionRun Run()
    {
        var run = github.Run();
        run.Workspace.Put("app.txt", "one\n");
        return run;
    }
}
