using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub.Actions;

public sealed class PublishTests(GitHubActionsFixture github) : IClassFixture<GitHubActionsFixture>
{
    private static readonly string Everything = """
        {
          "description": "Takes orders", "access": "shop/checkout", "defaultBranch": "main", "topics": ["Orders"], "hasWiki": false, "squashMergeCommitTitle": "PR_TITLE",
          "squashMergeCommitMessage": "BLANK", "collaborators": [{"user": "user:default/grace", "access": "push"}, {"username": "ada", "permission": "maintain"}],
          "repoVariables": {"REGION": "westeurope"}, "secrets": {"DEPLOY_TOKEN": "very-hidden-value"}, "workflowAccess": "organization", "defaultWorkflowPermissions": "read",
          "canApprovePullRequestReviews": false, "oidcCustomization": {"useDefault": false, "includeClaimKeys": ["repo", "context"]},
          "vulnerabilityAlerts": true, "automatedSecurityFixes": true, "codeScanning": true, "token": "ghp_not-used",
          "requiredApprovingReviewCount": 2, "requireCodeOwnerReviews": true, "dismissStaleReviews": true, "requireLastPushApproval": true, "requiredStatusCheckContexts": ["build"],
          "requiredConversationResolution": true, "requiredLinearHistory": true, "requiredCommitSigning": true, "bypassPullRequestAllowances": {"teams": ["platform"]}
        }
        """;

    [Fact]
    public async Task Publish_Everything_IsOnGitHub()
    {
        var (name, run) = (GitHubThings.NewName(), Run());
        var output = await run.DoAsync("publish:github", Given.Input(github.Url(name), Everything));

        var (caller, root) = (github.Caller, $"repos/{name}");
        var repository = await caller.GetAsync(root);
        Assert.Equal(("Takes orders", false, "PR_TITLE"), (
            (string)repository["description"]!, (bool)repository["has_wiki"]!,
            (string)repository["squash_merge_commit_title"]!));
        Assert.Equal("orders", (string)repository["topics"]![0]!);
        Assert.Equal(
            (string)(await caller.GetAsync($"{root}/git/ref/heads/main"))["object"]!["sha"]!,
            (string)output["commitHash"]!);
        Assert.Equal(
            ($"{github.World.Address}{name}.git", $"{github.World.Address}{name}/blob/main"),
            ((string)output["remoteUrl"]!, (string)output["repoContentsUrl"]!));
        Assert.Equal("admin", (string)(await caller.GetAsync($"{root}/teams"))[0]!["permission"]!);
        Assert.Equal(("write", "maintain"), (
            (string)(await caller.GetAsync($"{root}/collaborators/grace/permission"))["role_name"]!,
            (string)(await caller.GetAsync($"{root}/collaborators/ada/permission"))["role_name"]!));
        Assert.Equal("westeurope", (string)(await caller.GetAsync($"{root}/actions/variables/REGION"))["value"]!);
        Assert.Equal(
            "DEPLOY_TOKEN", (string)(await caller.GetAsync($"{root}/actions/secrets"))["secrets"]![0]!["name"]!);
        Assert.Equal(
            "organization", (string)(await caller.GetAsync($"{root}/actions/permissions/access"))["access_level"]!);
        Assert.Equal(
            """["repo","context"]""",
            (await caller.GetAsync($"{root}/actions/oidc/customization/sub"))["include_claim_keys"]!.ToJsonString());
        Assert.Equal("configured", (string)(await caller.GetAsync($"{root}/code-scanning/default-setup"))["state"]!);
        Assert.True((bool)(await caller.GetAsync($"{root}/automated-security-fixes"))["enabled"]!);
        var protection = await caller.GetAsync($"{root}/branches/main/protection");
        var reviews = protection["required_pull_request_reviews"]!;
        Assert.Equal((2, true, true, true), (
            (int)reviews["required_approving_review_count"]!, (bool)reviews["require_code_owner_reviews"]!,
            (bool)reviews["dismiss_stale_reviews"]!, (bool)reviews["require_last_push_approval"]!));
        Assert.Equal("platform", (string)reviews["bypass_pull_request_allowances"]!["teams"]![0]!["slug"]!);
        Assert.Equal((true, "build", true), (
            (bool)protection["required_status_checks"]!["strict"]!,
            (string)protection["required_status_checks"]!["contexts"]![0]!,
            (bool)protection["enforce_admins"]!["enabled"]!));
        Assert.True((bool)protection["required_signatures"]!["enabled"]!);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Publish_Undone_LeavesNothingAndKeepsSecretsOutOfTheJournal()
    {
        var before = github.World.Listing;
        var run = Run();
        await run.DoAsync("publish:github", Given.Input(github.Url(GitHubThings.NewName()), Everything));
        Assert.All(run.Journal, e => Assert.DoesNotContain(
            "very-hidden-value", e.Arguments + e.Before + e.Result, StringComparison.Ordinal));
        Assert.All(
            run.Journal,
            e => Assert.DoesNotContain("ghp_not-used", e.Arguments + e.Before + e.Result, StringComparison.Ordinal));
        Assert.All(await run.PreviewAsync(), p => Assert.True(p.IsRemoved, p.Sentence));

        await run.UndoAsync();

        Assert.Equal(before, github.World.Listing);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Publish_AnswersLost_MakesEachThingOnce()
    {
        var (name, run, before) = (GitHubThings.NewName(), Run(), github.World.Faults.Happened.Count);
        foreach (var route in (string[])["POST /orgs/{org}/repos", "POST /repos/{owner}/{repo}/actions/variables", "PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}",
            "PUT /repos/{owner}/{repo}/branches/{branch}/protection",
            "PUT /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}"])
        {
            github.World.Faults.Plan(route, OutsideFault.CutAfter);
        }

        await run.DoAsync("publish:github", Given.Input(github.Url(name), Everything));

        Assert.Equal(before + 5, github.World.Faults.Happened.Count);
        Assert.Empty(github.World.Ledger.Duplicates);
        Assert.Single(github.World.Ledger.MadeOf(OutsideThing.Repository), t => t.Name == name.ToString());
        Assert.NotNull(await github.Caller.GetAsync($"repos/{name}/branches/main/protection"));
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Publish_TeamThatIsNotThere_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => Run().DoAsync(
            "publish:github", Given.Input(github.Url(GitHubThings.NewName()), """{"access": "shop/nobody"}""")));
        Assert.Contains("shop has no team nobody", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_DefaultBranchNotProtected_WhenTheTemplateSaysSo()
    {
        var name = GitHubThings.NewName();
        var output = await Run().DoAsync("publish:github", Given.Input(
            github.Url(name),
            """{"protectDefaultBranch": false, "gitAuthorName": "Grace", "gitAuthorEmail": "grace@example.com", "gitCommitMessage": "Begin"}"""));
        Assert.EndsWith("/blob/master", (string)output["repoContentsUrl"]!, StringComparison.Ordinal);
        Assert.Equal(404, (await github.Caller.SendAsync("GET", $"repos/{name}/branches/master/protection")).Status);
        var commit = (await github.Caller.GetAsync($"repos/{name}/commits"))[0]!["commit"]!;
        Assert.Equal(
            ("Begin", "Grace", "grace@example.com"),
            ((string)commit["message"]!, (string)commit["author"]!["name"]!, (string)commit["author"]!["email"]!));
    }

    [Fact]
    public async Task RepoCreateThenPush_BecomesOneFirstCommit()
    {
        var (name, run) = (GitHubThings.NewName(), Run());
        await run.DoAsync("github:repo:create", Given.Input(github.Url(name), """{"description": "Takes orders"}"""));
        var output = await run.DoAsync(
            "github:repo:push",
            Given.Input(github.Url(name), """{"defaultBranch": "trunk", "gitCommitMessage": "Begin"}"""));

        Assert.Equal("trunk", (string)(await github.Caller.GetAsync($"repos/{name}"))["default_branch"]!);
        Assert.Equal(
            (string)output["commitHash"]!,
            (string)Assert.Single((await github.Caller.GetAsync($"repos/{name}/commits")).AsArray())!["sha"]!);
        Assert.Single((await github.Caller.GetAsync($"repos/{name}/branches")).AsArray());
        Assert.NotNull(await github.Caller.GetAsync($"repos/{name}/branches/trunk/protection"));
        var before =
            github.World.Listing.Where(t => !t.Name.StartsWith(name.ToString(), StringComparison.Ordinal)).ToList();
        await run.UndoAsync();
        Assert.Equal(before, github.World.Listing);
        github.World.AssertNoViolations();
    }

    [Theory]
    [InlineData("main", true)]
    [InlineData("trunk", true)]
    [InlineData("trunk", false)]
    public async Task Push_IntoSomebodysEmptyRepository_UndoneIsAsBefore(string branch, bool knowsResult)
    {
        var name = await github.NewRepositoryAsync(("README.md", "# Theirs\n"));
        var first = (string)(await github.Caller.GetAsync($"repos/{name}/git/ref/heads/main"))["object"]!["sha"]!;
        var run = Run();
        github.World.Faults.Plan(
            branch == "main" ? "PATCH /repos/{owner}/{repo}/git/refs/{ref}" : "POST /repos/{owner}/{repo}/git/refs",
            OutsideFault.CutAfter);
        await run.DoAsync(
            "github:repo:push",
            Given.Input(github.Url(name), $$"""{"defaultBranch": "{{branch}}", "protectDefaultBranch": false}"""));
        Assert.Single((await github.Caller.GetAsync($"repos/{name}/commits?sha={branch}")).AsArray());
        if (!knowsResult) run.ForgetResults();

        await run.UndoAsync();

        Assert.Equal("main", (string)(await github.Caller.GetAsync($"repos/{name}"))["default_branch"]!);
        Assert.Equal(
            first, (string)(await github.Caller.GetAsync($"repos/{name}/git/ref/heads/main"))["object"]!["sha"]!);
        Assert.Single((await github.Caller.GetAsync($"repos/{name}/branches")).AsArray());
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Push_BranchWithFiles_IsRefusedAndLeavesThem()
    {
        var name = await github.NewRepositoryAsync();
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Run().DoAsync("github:repo:push", Given.Input(github.Url(name), """{"defaultBranch": "main"}""")));
        Assert.Equal("branch-exists", error.Error.Code);
        Assert.Equal(200, (await github.Caller.SendAsync("GET", $"repos/{name}/contents/src/app.txt")).Status);
    }

    [Fact]
    public async Task Push_SomebodyHasPushedSince_UndoLeavesTheirs()
    {
        var (name, run) = (await github.NewRepositoryAsync(("README.md", "# Theirs\n")), Run());
        await run.DoAsync(
            "github:repo:push",
            Given.Input(github.Url(name), """{"defaultBranch": "main", "protectDefaultBranch": false}"""));
        var theirs = await github.World.PushAsync(name.ToString(), "b.txt", "two");
        await run.UndoAsync();
        Assert.Equal(
            theirs, (string)(await github.Caller.GetAsync($"repos/{name}/git/ref/heads/main"))["object"]!["sha"]!);
        Assert.Contains(
            run.Lines, l => l.Message.Contains("somebody has pushed to it since", StringComparison.Ordinal));
    }

    private ActionRun Run()
    {
        var run = github.Run();
        run.Workspace.Put("README.md", "# Orders\n");
        run.Workspace.Put("src/app.txt", "one\n");
        return run;
    }
}
