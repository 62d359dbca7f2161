using System.Text.Json.Nodes;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Actions;

/// <summary>A plan touches nothing: the GitHub of these tests cannot be reached.</summary>
public sealed class ActionPlanTests : IDisposable
{
    private const string Url = "github.shop.example?owner=shop&repo=orders";

    private readonly Plans plans = GitHubActionsFixture.Portal(
        ("Type", "GitHub"), ("Address", "https://github.shop.example"), ("Token", "ghp_0123456789"));

    public void Dispose() => plans.Dispose();

    [Theory]
    [InlineData(
        "publish:github:pull-request", """{"branchName": "b", "title": "Add it", "description": "d"}""",
        "Open pull request \"Add it\" in shop/orders")]
    [InlineData(
        "github:actions:dispatch", """{"workflowId": "ci.yml", "branchOrTagName": "main"}""",
        "Start pipeline run ci.yml of shop/orders")]
    [InlineData("github:repo:create", "{}", "Create repository shop/orders")]
    [InlineData("github:branch-protection:create", "{}", "Protect branch (the default branch) of shop/orders")]
    [InlineData("github:issues:create", """{"title": "Look"}""", "Open issue \"Look\" in shop/orders")]
    [InlineData("github:issues:label", """{"number": 3, "labels": ["bug"]}""", "Add labels bug to #3 of shop/orders")]
    [InlineData(
        "github:webhook", """{"webhookUrl": "https://chat.example/secret-path"}""",
        "Create webhook to chat.example of shop/orders")]
    [InlineData(
        "github:autolinks:create", """{"keyPrefix": "T-", "urlTemplate": "https://t.example/<num>"}""",
        "Create autolink T- of shop/orders")]
    [InlineData("github:pages:enable", "{}", "Enable GitHub Pages of shop/orders")]
    [InlineData(
        "github:ruleset:create", """{"name": "r", "enforcement": "active", "rules": []}""",
        "Create ruleset r of shop/orders")]
    public async Task Plan_OneChange_IsShown(string action, string input, string summary)
    {
        var plan = await plans.PlanStepAsync(action, Given.Input(Url, input));
        Assert.True(plan.IsOk, plan.Error?.Message);
        Assert.Equal(summary, Assert.Single(plan.Value.Effects).Summary);
        Assert.Equal("github", plan.Value.Effects[0].Provider);
    }

    [Fact]
    public async Task Plan_Publish_ShowsEachChangeAndTheFiles()
    {
        var plan = await plans.PlanStepAsync("publish:github", Given.Input(Url, """
            {"access": "shop/checkout", "collaborators": [{"user": "ada", "access": "write"}], "repoVariables": {"A": "1"}, "secrets": {"B": "${{ secrets.token }}"},
             "oidcCustomization": {"useDefault": false, "includeClaimKeys": ["repo"]}, "vulnerabilityAlerts": true, "defaultBranch": "main"}
            """), new JsonObject { ["token"] = "hidden-value" });
        Assert.True(plan.IsOk, plan.Error?.Message);
        Assert.Equal(
            ["Create repository shop/orders", "Grant access admin for team checkout to shop/orders", "Grant access push for ada to shop/orders", "Store variables A of shop/orders",
             "Store secrets B of shop/orders", "Change workflow settings of shop/orders",
             "Change security settings of shop/orders", "Protect branch main of shop/orders"],
            plan.Value.Effects.Select(e => e.Summary));
        Assert.Equal("# Hello\n", Assert.Single(plan.Value.Repositories).Tree.ReadText("README.md"));
    }

    [Fact]
    public async Task Plan_Environment_ShowsItsPartsOnce()
    {
        var plan = await plans.PlanStepAsync(
            "github:environment:create",
            Given.Input(Url, """{"name": "production", "environmentVariables": {"A": "1"}, "secrets": {"B": "x"}}"""));
        Assert.Equal(

            [
                "Create deployment environment production of shop/orders",
                "Store variables A of production of shop/orders", "Store secrets B of production of shop/orders"
            ],
            plan.Value.Effects.Select(e => e.Summary));
    }

    [Fact]
    public async Task Plan_AddressKnownAfterTheRun_IsLeftToTheRun()
    {
        var plan = await plans.PlanAsync("""
              steps:
                - { id: issue, name: Issue, action: 'github:issues:create', input: { repoUrl: 'github.shop.example?owner=shop&repo=orders', title: Look } }
                - { id: label, name: Label, action: 'github:issues:label', input: { repoUrl: 'github.shop.example?owner=shop&repo=orders', number: '${{ steps.issue.output.issueNumber }}', labels: [bug] } }
            """);
        Assert.True(plan.IsOk, plan.Error?.Message);
        Assert.Equal(
            ["Open issue \"Look\" in shop/orders", "Add labels (name known after the run)"],
            plan.Value.Effects.Select(e => e.Summary));
    }

    [Fact]
    public async Task Plan_HostOfNoGitHub_NamesThoseThatAre()
    {
        var plan = await plans.PlanStepAsync("publish:github", Given.Input("github.com?owner=shop&repo=orders"));
        Assert.Contains(
            "No configured GitHub serves github.com. Choose a repository on github.shop.example", plan.Error!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_HostOfAnotherProvider_IsRefused()
    {
        var plan = await plans.PlanStepAsync("publish:github", Given.Input("local?owner=shop&repo=orders"));
        Assert.Contains("No configured GitHub serves local.", plan.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_NoGitHub_SaysWhichSettingIsMissing()
    {
        using var without = GitHubActionsFixture.Portal();
        var named = await without.PlanStepAsync("github:repo:create", Given.Input("github.com?owner=shop&repo=orders"));
        Assert.Contains("Portal:Providers:github:Type = GitHub", named.Error!.Message, StringComparison.Ordinal);
        var unknown = await without.PlanAsync("""
              steps:
                - { id: wait, name: Wait, action: 'wait:event', input: { event: x } }
                - { id: create, name: Create, action: 'github:repo:create', input: { repoUrl: '${{ steps.wait.output.data }}' } }
            """);
        Assert.Contains("Portal:Providers:github:Type = GitHub", unknown.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_NoFiles_SaysWhatMustComeBefore()
    {
        var plan = await plans.PlanStepAsync("publish:github", Given.Input(Url, """{"sourcePath": "nowhere"}"""));
        Assert.Contains(
            "fetch:template must come before publish:github", plan.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_BranchPoliciesThatContradict_SaysHowToWriteThem()
    {
        var plan = await plans.PlanStepAsync("github:environment:create", Given.Input(
            Url,
            """{"name": "p", "deploymentBranchPolicy": {"protected_branches": true, "custom_branch_policies": true}}"""));
        Assert.Contains("must be true, the other false", plan.Error!.Message, StringComparison.Ordinal);
    }
}
