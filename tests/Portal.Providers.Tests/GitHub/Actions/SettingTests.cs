using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub.Actions;

/// <summary>
/// Environments, protection, rulesets, webhooks, autolinks, keys and pages of repositories that were there before.
/// </summary>
public sealed class SettingTests(GitHubActionsFixture github) : IClassFixture<GitHubActionsFixture>
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

    [Fact]
    public async Task Environment_New_HasItsRulesAndIsGoneWhenUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        var before = github.World.Listing;
        await run.DoAsync("github:environment:create", Given.Input(github.Url(name), """
            {"name": "production", "waitTimer": 5, "preventSelfReview": true, "reviewers": ["group:default/platform", "user:default/ada"], "customBranchPolicyNames": ["main"],
             "customTagPolicyNames": ["v*"], "environmentVariables": {"REGION": "westeurope"}, "secrets": {"KEY": "very-hidden-value"}}
            """));

        var made = await github.Caller.GetAsync($"repos/{name}/environments/production");
        var reviews = made["protection_rules"]!.AsArray().Single(r => (string)r!["type"]! == "required_reviewers")!;
        Assert.Equal((true, "platform", "ada"), (
            (bool)reviews["prevent_self_review"]!, (string)reviews["reviewers"]![0]!["reviewer"]!["slug"]!,
            (string)reviews["reviewers"]![1]!["reviewer"]!["login"]!));
        Assert.Equal(
            5,
            (int)made["protection_rules"]!.AsArray().Single(r => (string)r!["type"]! == "wait_timer")!["wait_timer"]!);
        var policies = (await github.Caller.GetAsync(
            $"repos/{name}/environments/production/deployment-branch-policies"))["branch_policies"]!.AsArray();
        Assert.Equal(
            ["main branch", "v* tag"], policies.Select(p => $"{p!["name"]} {p["type"]}").Order(StringComparer.Ordinal));
        Assert.Equal("very-hidden-value", Assert.Single(
            github.World.Secrets(name.ToString()), s => s.Key.EndsWith("KEY", StringComparison.Ordinal)).Value);
        Assert.All(run.Journal, e => Assert.DoesNotContain(
            "very-hidden-value", e.Arguments + e.Before + e.Result, StringComparison.Ordinal));

        await run.UndoAsync();

        Assert.Equal(before, github.World.Listing);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Environment_ThatWasThere_IsAsBeforeWhenUndone()
    {
        var (name, root) = (await github.NewRepositoryAsync(), "");
        root = $"repos/{name}/environments/production";
        await github.Caller.DoAsync("PUT", root, JsonNode.Parse(
            """{"wait_timer": 9, "deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}}"""));
        await github.Caller.PostAsync(
            $"{root}/deployment-branch-policies", JsonNode.Parse("""{"name": "release/*"}"""));
        await github.Caller.PostAsync($"{root}/variables", JsonNode.Parse("""{"name": "REGION", "value": "old"}"""));
        var run = github.Run();
        github.World.Faults.Plan(
            "POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
            OutsideFault.CutAfter);
        await run.DoAsync("github:environment:create", Given.Input(github.Url(name), """
            {"name": "production", "waitTimer": 1, "customBranchPolicyNames": ["main", "release/*"], "environmentVariables": {"REGION": "new", "ZONE": "1"}, "secrets": {"KEY": "x-value"}}
            """));
        Assert.Equal(
            2,
            (await github.Caller.GetAsync($"{root}/deployment-branch-policies"))["branch_policies"]!.AsArray().Count);
        Assert.Equal("new", (string)(await github.Caller.GetAsync($"{root}/variables/REGION"))["value"]!);

        await run.UndoAsync();

        Assert.Equal(9, (int)(await github.Caller.GetAsync(root))["protection_rules"]!.AsArray()
            .Single(r => (string)r!["type"]! == "wait_timer")!["wait_timer"]!);
        Assert.Equal("release/*", (string)Assert.Single((await github.Caller.GetAsync(
            $"{root}/deployment-branch-policies"))["branch_policies"]!.AsArray())!["name"]!);
        Assert.Equal("old", (string)Assert.Single(
            (await github.Caller.GetAsync($"{root}/variables"))["variables"]!.AsArray())!["value"]!);
        Assert.Empty((await github.Caller.GetAsync($"{root}/secrets"))["secrets"]!.AsArray());
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Environment_ReviewerWhoIsNotThere_IsNotLeftOut()
    {
        var name = await github.NewRepositoryAsync();
        var error = await Assert.ThrowsAsync<ProviderException>(() => github.Run().DoAsync(
            "github:environment:create",
            Given.Input(github.Url(name), """{"name": "p", "reviewers": ["group:default/nobody"]}""")));
        Assert.Contains(
            "shop has no team nobody on GitHub to approve deployments", error.Message, StringComparison.Ordinal);
        Assert.Equal(404, (await github.Caller.SendAsync("GET", $"repos/{name}/environments/p")).Status);
    }

    [Fact]
    public async Task Protection_OfAnUnprotectedBranch_IsGoneWhenUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        github.World.Faults.Plan("PUT /repos/{owner}/{repo}/branches/{branch}/protection", OutsideFault.CutAfter);
        await run.DoAsync("github:branch-protection:create", Given.Input(
            github.Url(name),
            """{"restrictions": {"users": [], "teams": ["platform"]}, "enforceAdmins": false, "requiredCommitSigning": true}"""));
        var made = await github.Caller.GetAsync($"repos/{name}/branches/main/protection");
        Assert.Equal(("platform", false, 1), (
            (string)made["restrictions"]!["teams"]![0]!["slug"]!, (bool)made["enforce_admins"]!["enabled"]!,
            (int)made["required_pull_request_reviews"]!["required_approving_review_count"]!));

        await run.UndoAsync();

        Assert.Equal(404, (await github.Caller.SendAsync("GET", $"repos/{name}/branches/main/protection")).Status);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Protection_OfAProtectedBranch_IsAsBeforeWhenUndone()
    {
        var name = await github.NewRepositoryAsync();
        var path = $"repos/{name}/branches/main/protection";
        await github.Caller.DoAsync("PUT", path, JsonNode.Parse("""
            {"required_status_checks": {"strict": true, "contexts": ["build", "test"]}, "enforce_admins": true, "allow_force_pushes": true, "required_linear_history": true,
             "required_pull_request_reviews": {"required_approving_review_count": 3, "dismissal_restrictions": {"users": ["ada"], "teams": ["platform"]}},
             "restrictions": {"users": ["alan"], "teams": ["checkout"], "apps": []}}
            """));
        var before = (await github.Caller.GetAsync(path)).ToJsonString();
        var run = github.Run();
        await run.DoAsync("github:branch-protection:create", Given.Input(
            github.Url(name),
            """{"branch": "main", "requiredCommitSigning": true, "requiredApprovingReviewCount": 0}"""));
        Assert.NotEqual(before, (await github.Caller.GetAsync(path)).ToJsonString());
        run.ForgetResults();

        await run.UndoAsync();

        Assert.Equal(before, (await github.Caller.GetAsync(path)).ToJsonString());
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Ruleset_NewAndEarlier_AreUndone()
    {
        const string Rules =
            """{"name": "main", "enforcement": "active", "conditions": {"refName": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}, "rules": [{"type": "deletion"}, {"type": "non_fast_forward"}]}""";
        var (fresh, first) = (await github.NewRepositoryAsync(), github.Run());
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/rulesets", OutsideFault.CutAfter);
        var output = await first.DoAsync("github:ruleset:create", Given.Input(github.Url(fresh), Rules));
        Assert.Equal("main", (string)output["rulesetName"]!);
        Assert.Equal(
            2,
            (await github.Caller.GetAsync($"repos/{fresh}/rulesets/{output["rulesetId"]}"))["rules"]!.AsArray().Count);
        await first.UndoAsync();
        Assert.Empty((await github.Caller.GetAsync($"repos/{fresh}/rulesets")).AsArray());

        var name = await github.NewRepositoryAsync();
        var there = await github.Caller.PostAsync($"repos/{name}/rulesets", JsonNode.Parse(
            """{"name": "main", "enforcement": "disabled", "target": "branch", "rules": [{"type": "creation"}]}"""));
        var run = github.Run();
        await run.DoAsync("github:ruleset:create", Given.Input(github.Url(name), Rules));
        Assert.Equal(
            "active", (string)(await github.Caller.GetAsync($"repos/{name}/rulesets/{there["id"]}"))["enforcement"]!);
        run.ForgetResults();
        await run.UndoAsync();
        var after = await github.Caller.GetAsync($"repos/{name}/rulesets/{there["id"]}");
        Assert.Equal(
            ("disabled", "creation"),
            ((string)after["enforcement"]!, (string)Assert.Single(after["rules"]!.AsArray())!["type"]!));
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Webhook_AnswerLost_IsMadeOnceAndGoneWhenUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/hooks", OutsideFault.CutAfter);
        await run.DoAsync("github:webhook", Given.Input(
            github.Url(name),
            """{"webhookUrl": "https://builds.example/hook", "webhookSecret": "very-hidden-value", "events": ["push", "pull_request"], "contentType": "json"}"""));
        var made = Assert.Single((await github.Caller.GetAsync($"repos/{name}/hooks")).AsArray())!;
        Assert.Equal(("json", "push,pull_request", true), ((string)made["config"]!["content_type"]!, string.Join(
            ',', made["events"]!.AsArray().Select(e => (string)e!)), (bool)made["active"]!));
        Assert.All(run.Journal, e => Assert.DoesNotContain(
            "very-hidden-value", e.Arguments + e.Before + e.Result, StringComparison.Ordinal));

        await run.UndoAsync();

        Assert.Empty((await github.Caller.GetAsync($"repos/{name}/hooks")).AsArray());
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Webhook_ThatWasThere_TellsWhatItToldWhenUndone()
    {
        var name = await github.NewRepositoryAsync();
        await github.Caller.PostAsync($"repos/{name}/hooks", JsonNode.Parse(
            """{"config": {"url": "https://builds.example/hook", "content_type": "form"}, "events": ["release"], "active": false}"""));
        var run = github.Run();
        await run.DoAsync(
            "github:webhook",
            Given.Input(github.Url(name), """{"webhookUrl": "https://builds.example/hook", "contentType": "json"}"""));
        Assert.Contains(
            "Its secret stays the new one", Assert.Single(await run.PreviewAsync()).Sentence, StringComparison.Ordinal);
        await run.UndoAsync();
        var after = Assert.Single((await github.Caller.GetAsync($"repos/{name}/hooks")).AsArray())!;
        Assert.Equal(
            ("form", "release", false),
            ((string)after["config"]!["content_type"]!, (string)after["events"]![0]!, (bool)after["active"]!));
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Autolink_AnswerLost_IsMadeOnceAndGoneWhenUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        const string Input = """{"keyPrefix": "TICKET-", "urlTemplate": "https://tickets.example/<num>"}""";
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/autolinks", OutsideFault.CutAfter);
        await run.DoAsync("github:autolinks:create", Given.Input(github.Url(name), Input));
        Assert.Single((await github.Caller.GetAsync($"repos/{name}/autolinks")).AsArray());

        var later = github.Run();
        await later.DoAsync("github:autolinks:create", Given.Input(github.Url(name), Input));
        Assert.False(Assert.Single(await later.PreviewAsync()).IsRemoved);
        await later.UndoAsync();
        Assert.Single((await github.Caller.GetAsync($"repos/{name}/autolinks")).AsArray());
        var error = await Assert.ThrowsAsync<ProviderException>(() => github.Run().DoAsync(
            "github:autolinks:create",
            Given.Input(
                github.Url(name), """{"keyPrefix": "TICKET-", "urlTemplate": "https://other.example/<num>"}""")));
        Assert.Contains("https://tickets.example/<num>", error.Message, StringComparison.Ordinal);

        await run.UndoAsync();
        Assert.Empty((await github.Caller.GetAsync($"repos/{name}/autolinks")).AsArray());
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task DeployKey_AnswerLost_IsMadeOnceWithItsSecretAndGoneWhenUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        var before = github.World.Listing;
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/keys", OutsideFault.CutAfter);
        var output = await run.DoAsync("github:deployKey:create", Given.Input(
            github.Url(name),
            $$"""{"publicKey": "{{Key}} ada@laptop", "privateKey": "very-hidden-value", "deployKeyName": "push tags"}"""));
        Assert.Equal("PUSH_TAGS_PRIVATE_KEY", (string)output["privateKeySecretName"]!);
        var made = Assert.Single((await github.Caller.GetAsync($"repos/{name}/keys")).AsArray())!;
        Assert.Equal(("push tags", false), ((string)made["title"]!, (bool)made["read_only"]!));
        Assert.Equal("very-hidden-value", github.World.Secrets(name.ToString())["PUSH_TAGS_PRIVATE_KEY"]);
        Assert.All(run.Journal, e => Assert.DoesNotContain(
            "very-hidden-value", e.Arguments + e.Before + e.Result, StringComparison.Ordinal));

        await run.UndoAsync();

        Assert.Equal(before, github.World.Listing);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task DeployKeySecret_ThatWasThere_IsToldToKeepItsNewValue()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        var other = github.Run();
        const string Second = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJJJJJJJJJJ0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        await other.DoAsync("github:deployKey:create", Given.Input(
            github.Url(name),
            $$"""{"publicKey": "{{Second}}", "privateKey": "old-value", "deployKeyName": "a", "privateKeySecretName": "K"}"""));
        await run.DoAsync("github:deployKey:create", Given.Input(
            github.Url(name),
            $$"""{"publicKey": "{{Key}}x", "privateKey": "new-value", "deployKeyName": "b", "privateKeySecretName": "K"}"""));
        Assert.Contains(
            await run.PreviewAsync(),
            p => !p.IsRemoved && p.Sentence.Contains("GitHub does not tell the old one", StringComparison.Ordinal));
        await run.UndoAsync();
        Assert.Equal("new-value", github.World.Secrets(name.ToString())["K"]);
        Assert.Equal(
            "a", (string)Assert.Single((await github.Caller.GetAsync($"repos/{name}/keys")).AsArray())!["title"]!);
    }

    [Fact]
    public async Task Pages_NewAndEarlier_AreUndone()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/pages", OutsideFault.CutAfter);
        await run.DoAsync(
            "github:pages:enable", Given.Input(github.Url(name), """{"buildType": "legacy", "sourcePath": "/docs"}"""));
        Assert.Equal("/docs", (string)(await github.Caller.GetAsync($"repos/{name}/pages"))["source"]!["path"]!);

        var later = github.Run();
        await later.DoAsync("github:pages:enable", Given.Input(github.Url(name)));
        Assert.Equal("workflow", (string)(await github.Caller.GetAsync($"repos/{name}/pages"))["build_type"]!);
        await later.UndoAsync();
        var back = await github.Caller.GetAsync($"repos/{name}/pages");
        Assert.Equal(("legacy", "/docs"), ((string)back["build_type"]!, (string)back["source"]!["path"]!));

        await run.UndoAsync();
        Assert.Equal(404, (await github.Caller.SendAsync("GET", $"repos/{name}/pages")).Status);
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Undo_RepositoryIsGone_IsFine()
    {
        var (name, run) = (await github.NewRepositoryAsync(), github.Run());
        await run.DoAsync("github:branch-protection:create", Given.Input(github.Url(name)));
        await run.DoAsync(
            "github:webhook", Given.Input(github.Url(name), """{"webhookUrl": "https://builds.example/hook"}"""));
        await run.DoAsync("github:issues:create", Given.Input(github.Url(name), """{"title": "Look"}"""));
        await run.DoAsync("github:environment:create", Given.Input(
            github.Url(name), """{"name": "p", "environmentVariables": {"A": "1"}, "secrets": {"B": "2"}}"""));
        await github.World.DeleteAsync(name.ToString());
        await run.UndoAsync();
    }
}
