using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Actions;

/// <summary>What Backstage's documentation shows as inputs of its actions is taken here.</summary>
public sealed class ActionInputTests : IDisposable
{
    private readonly Plans plans = GitHubActionsFixture.Portal();

    public void Dispose() => plans.Dispose();

    public static TheoryData<string, string> Documented()
    {
        var data = new TheoryData<string, string>();
        foreach (var input in (string[])[
            "", """ "description": "Initialize a git repository" """, """ "repoVisibility": "public" """,
            """ "workflowAccess": "organization" """,
            """ "access": "org/team", "collaborators": [{"user": "ada", "access": "push"}, {"team": "group:default/checkout", "access": "admin"}] """,
            """ "protectDefaultBranch": false, "protectEnforceAdmins": false, "deleteBranchOnMerge": true, "gitCommitMessage": "x", "gitAuthorName": "A", "gitAuthorEmail": "a@b.example" """,
            """ "homepage": "https://example.com", "allowRebaseMerge": false, "allowSquashMerge": true, "squashMergeCommitTitle": "PR_TITLE", "squashMergeCommitMessage": "BLANK", "allowUpdateBranch": true """,
            """ "bypassPullRequestAllowances": {"users": ["a"], "teams": ["b"], "apps": ["c"]}, "restrictions": {"users": [], "teams": ["b"]}, "requiredApprovingReviewCount": 0 """,
            """ "repoVariables": {"A": "1"}, "secrets": {"B": "2"}, "oidcCustomization": {"useDefault": false, "includeClaimKeys": ["repo", "context"]}, "customProperties": {"a": "b", "c": ["d"]} """,
            """ "token": "ghp_x", "subscribe": true, "allowedHosts": ["github.com"], "topics": ["a"], "hasProjects": false, "hasWiki": false, "hasIssues": true, "sourcePath": "x", "blockCreations": false """])
        {
            data.Add("publish:github", input);
        }
        foreach (var input in (string[])[
            "", """ "hasIssues": false, "hasWiki": false """,
            """ "collaborators": [{"username": "user1", "permission": "push"}] """,
            """ "secrets": [{"name": "SECRET_KEY", "value": "supersecretkey"}] """,
            """ "oidcCustomization": {"sub": "repo:owner/repo", "aud": "https://github.com"} """,
            """ "requiredCommitSigning": true, "requiredStatusCheckContexts": ["ci/circleci: build"] """,
            """ "autoInit": true, "gitAuthorName": "x", "workflowAccess": "none", "allowAutoMerge": true, "topics": ["devops", "ci-cd"] """])
        {
            data.Add("github:repo:create", input);
        }
        data.Add(
            "github:repo:push",
            """ "gitCommitMessage": "Initial", "protectDefaultBranch": true, "requiredLinearHistory": true, "description": "x", "defaultBranch": "main" """);
        foreach (var input in (string[])[
            "",
            """ "targetBranchName": "test", "draft": true, "targetPath": "t", "sourcePath": "s", "token": "x", "reviewers": ["foobar"], "teamReviewers": ["team-foo"], "commitMessage": "c" """,
            """ "gitAuthorName": "Foo Bar", "gitAuthorEmail": "foo@bar.example", "update": true, "forceFork": false, "createWhenEmpty": false, "forceEmptyGitAuthor": true, "assignees": ["a"], "filesToDelete": ["a.txt"] """])
        {
            data.Add(
                "publish:github:pull-request",
                $""" "branchName": "new-app", "title": "Create my new app", "description": "This PR is really good" {(input.Length > 0 ? "," + input : "")} """);
        }
        data.Add(
            "github:actions:dispatch",
            """ "workflowId": "ci.yml", "branchOrTagName": "main", "workflowInputs": {"a": "b", "c": 1, "d": true} """);
        foreach (var input in (string[])[
            "", """ "deploymentBranchPolicy": {"protected_branches": true, "custom_branch_policies": false} """,
            """ "deploymentBranchPolicy": {"protected_branches": false, "custom_branch_policies": true}, "customBranchPolicyNames": ["main", "*.*.*"] """,
            """ "environmentVariables": {"key1": "val1"}, "secrets": {"secret1": "supersecret1"} """,
            """ "customTagPolicyNames": ["release/*/*", "v*.*.*"] """, """ "deploymentBranchPolicy": null """,
            """ "waitTimer": 1000, "preventSelfReview": true, "reviewers": ["group:default/team-a", "user:default/johndoe"], "token": "x" """])
        {
            data.Add("github:environment:create", $""" "name": "envname" {(input.Length > 0 ? "," + input : "")} """);
        }
        data.Add(
            "github:branch-protection:create",
            """ "branch": "main", "enforceAdmins": false, "requiredApprovingReviewCount": 1, "requireLastPushApproval": true, "requiredConversationResolution": true """);
        data.Add(
            "github:issues:create",
            """ "title": "Bug", "body": "text", "assignees": ["octocat"], "milestone": 1, "labels": ["bug"] """);
        data.Add("github:issues:create", """ "title": "Bug", "milestone": "1", "token": "x" """);
        data.Add("github:issues:label", """ "number": 1, "labels": ["bug"] """);
        data.Add(
            "github:webhook",
            """ "webhookUrl": "https://example.com/my-webhook", "webhookSecret": "mysecret", "events": ["push"], "active": true, "contentType": "json", "insecureSsl": false, "token": "x" """);
        data.Add("github:webhook", """ "webhookUrl": "https://example.com/my-webhook", "events": ["*"] """);
        data.Add(
            "github:autolinks:create",
            """ "keyPrefix": "TICKET-", "urlTemplate": "https://example.com/TICKET?query=<num>", "isAlphanumeric": false """);
        data.Add(
            "github:deployKey:create",
            """ "publicKey": "ssh-ed25519 AAAA", "privateKey": "x", "deployKeyName": "Push Tags", "privateKeySecretName": "PUSH_TAGS_PRIVATE_KEY" """);
        data.Add(
            "github:pages:enable",
            """ "buildType": "legacy", "sourceBranch": "main", "sourcePath": "/docs", "token": "x" """);
        data.Add(
            "github:ruleset:create",
            """ "name": "r", "enforcement": "active", "target": "branch", "bypassActors": [{"actorId": 1, "actorType": "Team", "bypassMode": "always"}], "conditions": {"refName": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}, "rules": [{"type": "deletion"}] """);
        return data;
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void Check_DocumentedInput_IsTaken(string action, string input)
    {
        var registered = plans.Get<ActionRegistry>().Find(action);
        Assert.NotNull(registered);
        Assert.Equal([], registered.Check(Given.Input("github.com?repo=repo&owner=owner", $"{{{input}}}")));
    }

    [Theory]
    [InlineData("publish:github", """{"repoVisibility": "secret"}""", "repoVisibility")]
    [InlineData("publish:github", """{"protectDefaultBranh": true}""", "Did you mean 'protectDefaultBranch'?")]
    [InlineData(
        "publish:github:pull-request", """{"branchName": "a", "title": "b", "description": "c", "forceFork": true}""",
        "from a branch of the repository itself")]
    [InlineData(
        "publish:github:pull-request", """{"title": "b", "description": "c"}""", "The input 'branchName' is missing.")]
    [InlineData(
        "github:autolinks:create", """{"keyPrefix": "A-", "urlTemplate": "https://example.com/"}""", "urlTemplate")]
    public void Check_WrongInput_IsNamed(string action, string input, string words)
    {
        var mistakes =
            plans.Get<ActionRegistry>().Find(action)!.Check(Given.Input("github.com?repo=repo&owner=owner", input));
        Assert.Contains(words, Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Obsolete_Token_IsLeftOutOfWhatTheActionGets()
    {
        foreach (var action in plans.Get<ActionRegistry>().All
            .Where(a => a.Id.Contains("github", StringComparison.Ordinal)))
        {
            Assert.Contains(
                "token", plans.Get<ActionRegistry>().Find(action.Id)!.Obsolete(new JsonObject { ["token"] = "ghp_x" }));
        }
    }
}
