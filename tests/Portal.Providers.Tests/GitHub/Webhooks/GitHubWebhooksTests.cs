using System.Security.Cryptography;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Webhooks;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Webhooks;

public sealed class GitHubWebhooksTests
{
    private const string Secret = "a long and random secret";
    private const string Repository =
        """ "repository": { "id": 7, "name": "orders", "full_name": "shop/orders" }, "sender": { "login": "Ada" } """;

    private static readonly RepositoryName Orders = new("shop", "orders");

    private readonly HeardEvents events = new();
    private Func<string, CancellationToken, Task<PipelineRunInfo?>> find =
        (_, _) => Task.FromResult<PipelineRunInfo?>(null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Accept_SignedJson_IsTheDelivery() =>
        Assert.Equal(
            new WebhookDelivery("72d3162e-cc78-11e3-81ab-4c9367dc0958", "push", "{\"ref\":1}"),
            Receiver().Accept(Signed("""{"ref":1}""")));

    [Fact]
    public void Accept_SignedForm_IsThePayloadInIt() =>
        Assert.Equal("""{"a":"ä b"}""", Receiver().Accept(Signed(
            "payload=%7B%22a%22%3A%22%C3%A4+b%22%7D", ("content-type", "application/x-www-form-urlencoded"))).Payload);

    [Theory]
    [InlineData("x-hub-signature-256", "sha256=00", "webhook-signature", ErrorKind.Forbidden)]
    [InlineData("x-hub-signature-256", null, "webhook-signature", ErrorKind.Forbidden)]
    [InlineData("x-github-delivery", null, "webhook-unreadable", ErrorKind.Invalid)]
    [InlineData("x-github-delivery", "a b", "webhook-unreadable", ErrorKind.Invalid)]
    [InlineData("x-github-event", null, "webhook-unreadable", ErrorKind.Invalid)]
    [InlineData("x-github-event", "push\n", "webhook-unreadable", ErrorKind.Invalid)]
    public void Accept_WrongHeader_IsRefused(string header, string? value, string code, ErrorKind kind)
    {
        var error = Assert.Throws<ProviderException>(() => Receiver().Accept(Signed("{}", (header, value)))).Error;

        Assert.Equal((code, kind), (error.Code, error.Kind));
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\u0000")]
    public void Accept_BodyThatIsNoObject_IsUnreadable(string body) =>
        Assert.Equal(
            "webhook-unreadable", Assert.Throws<ProviderException>(() => Receiver().Accept(Signed(body))).Error.Code);

    [Fact]
    public void Accept_BytesThatAreNoText_IsUnreadable() =>
        Assert.Equal("webhook-unreadable", Assert.Throws<ProviderException>(
            () => Receiver().Accept(Signed([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]))).Error.Code);

    [Fact]
    public void Accept_NoSecret_IsNotFoundWhateverIsSigned() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ProviderException>(
            () => new GitHubWebhooks("forge", "", Runs(), events).Accept(Signed("{}"))).Error.Kind);

    [Fact]
    public async Task Handle_Push_TellsBranchCommitsPusherAndEveryPathOnce()
    {
        await HandleAsync("push", $$"""
            { "ref": "refs/heads/feature/a", "before": "{{new string('0', 40)}}", "after": "{{new string('b', 40)}}", "created": false, "forced": false, "pusher": { "name": "Ada-L" },
              "commits": [ { "added": ["a.txt"], "modified": ["catalog-info.yaml"], "removed": [] }, { "added": [], "modified": ["a.txt"], "removed": ["b.txt"] } ], {{Repository}} }
            """);

        var push = Assert.IsType<RepositoryPush>(Assert.Single(events.All));
        Assert.Equal(
            (Orders, "feature/a", null, new string('b', 40), "user:default/ada-l"),
            (push.Repository, push.Branch, push.Before, push.After, push.By));
        Assert.Equal(["a.txt", "catalog-info.yaml", "b.txt"], push.Paths);
    }

    [Theory]
    [InlineData("\"created\": true", "[{ \"added\": [\"a\"] }]")]
    [InlineData("\"forced\": true", "[{ \"added\": [\"a\"] }]")]
    [InlineData("\"created\": false", "[]")]
    public async Task Handle_PushWhoseCommitsDoNotTellAll_LeavesThePathsOpen(string flag, string commits)
    {
        await HandleAsync(
            "push",
            $$"""{ "ref": "refs/heads/main", "before": "{{new string('a', 40)}}", "after": "{{new string('b', 40)}}", {{flag}}, "commits": {{commits}}, {{Repository}} }""");

        Assert.Null(Assert.IsType<RepositoryPush>(Assert.Single(events.All)).Paths);
    }

    [Theory]
    [InlineData("push", """ "ref": "refs/tags/v1", """)]
    [InlineData("pull_request", """ "action": "labeled", "pull_request": { "number": 3 }, """)]
    [InlineData("repository", """ "action": "edited", """)]
    [InlineData("workflow_run", """ "action": "completed", """)]
    [InlineData("ping", """ "zen": "Keep it logically awesome.", """)]
    [InlineData("star", """ "action": "created", """)]
    public async Task Handle_WhatThePortalDoesNotFollow_TellsNothing(string name, string payload)
    {
        await HandleAsync(name, $"{{ {payload} {Repository} }}");

        Assert.Empty(events.All);
    }

    [Theory]
    [InlineData("opened", false, "opened", "open")]
    [InlineData("closed", false, "closed", "closed")]
    [InlineData("closed", true, "merged", "merged")]
    public async Task Handle_PullRequest_TellsWhatBecameOfIt(string action, bool merged, string told, string state)
    {
        await HandleAsync("pull_request", $$"""
            { "action": "{{action}}", "pull_request": { "number": 3, "title": "Mend it", "html_url": "https://github.com/shop/orders/pull/3", "merged": {{(merged ? "true" : "false")}},
              "head": { "ref": "mend", "sha": "abc" } }, {{Repository}} }
            """);

        Assert.Equal(
            new PullRequestChange(
                Orders, new PullRequest(3, "https://github.com/shop/orders/pull/3", "mend", state, "abc"), "Mend it",
                told, "user:default/ada"), Assert.Single(events.All));
    }

    [Theory]
    [InlineData("created", "", RepositoryChangeKind.Created, null)]
    [InlineData("deleted", "", RepositoryChangeKind.Deleted, null)]
    [InlineData("archived", "", RepositoryChangeKind.Archived, null)]
    [InlineData("unarchived", "", RepositoryChangeKind.Unarchived, null)]
    [InlineData(
        "renamed", """ "changes": { "repository": { "name": { "from": "order" } } }, """, RepositoryChangeKind.Renamed,
        "shop/order")]
    [InlineData(
        "transferred", """ "changes": { "owner": { "from": { "organization": { "login": "old" } } } }, """,
        RepositoryChangeKind.Transferred, "old/orders")]
    [InlineData(
        "transferred", """ "changes": { "owner": { "from": { "user": { "login": "ada" } } } }, """,
        RepositoryChangeKind.Transferred, "ada/orders")]
    public async Task Handle_Repository_TellsItsNamesNowAndBefore(
        string action, string changes, RepositoryChangeKind kind, string? before)
    {
        await HandleAsync("repository", $"{{ \"action\": \"{action}\", {changes} {Repository} }}");

        var told = new RepositoryChange(kind, Orders, before is null ? null : RepositoryName.Parse(before),
            "user:default/ada") { HostId = "7" };
        Assert.Equal(told, Assert.Single(events.All));
    }

    [Fact]
    public async Task Handle_DeploymentStatus_TellsWhereItAnswers()
    {
        await HandleAsync("deployment_status", $$"""
            { "deployment": { "sha": "abc", "environment": "production" },
              "deployment_status": { "state": "success", "environment": "production", "environment_url": "https://orders.example", "created_at": "2026-01-02T03:04:05Z" }, {{Repository}} }
            """);

        Assert.Equal(new HostDeployment(
            Orders, "production", "abc", "success", "https://orders.example",
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), Assert.Single(events.All));
    }

    [Theory]
    [InlineData(
        "membership",
        """ "action": "added", "scope": "team", "member": { "login": "ada" }, "team": { "slug": "checkout" }, """,
        "checkout", true)]
    [InlineData(
        "membership",
        """ "action": "removed", "scope": "team", "member": { "login": "ada" }, "team": { "slug": "checkout" }, """,
        "checkout", false)]
    [InlineData(
        "organization", """ "action": "member_added", "membership": { "user": { "login": "ada" } }, """, null, true)]
    [InlineData(
        "organization", """ "action": "member_removed", "membership": { "user": { "login": "ada" } }, """, null, false)]
    public async Task Handle_Memberships_TellWhoAndWhere(string name, string payload, string? team, bool member)
    {
        await HandleAsync(name, $$"""{ {{payload}} "organization": { "login": "shop" } }""");

        Assert.Equal(new MembershipChange("shop", team, "ada", member), Assert.Single(events.All));
    }

    [Theory]
    [InlineData("installation")]
    [InlineData("installation_repositories")]
    public async Task Handle_Installation_SaysThatItsAccessChanged(string name)
    {
        await HandleAsync(name, """{ "action": "suspend", "installation": { "id": 1 } }""");

        Assert.Equal("access of forge", Assert.Single(events.All));
    }

    [Fact]
    public async Task Handle_FinishedRun_TellsItAsTheHostHasIt()
    {
        var whole = new PipelineRunInfo(
            "shop.orders.30433642", Orders, "ci.yml", 12, "main", "abc", "Mend it", PipelineTrigger.Push,
            PipelineStatus.Passed, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch, [],
            [new ArtifactInfo("app", 10, 1)], 0, null, Attempt: 2);
        find = (id, _) => Task.FromResult(id == whole.Id ? whole : null);

        await HandleAsync("workflow_run", Run("completed", "\"success\""));

        Assert.Equal(whole with { RepositoryHostId = "7" }, Assert.Single(events.All));
    }

    [Fact]
    public async Task Handle_RunThatTheHostDoesNotFind_TellsWhatTheDeliveryHas()
    {
        await HandleAsync("workflow_run", Run("in_progress", "null"));

        var run = Assert.IsType<PipelineRunInfo>(Assert.Single(events.All));
        Assert.Equal(
            ("shop.orders.30433642", "ci.yml", 12, "main", "Mend it", PipelineTrigger.Push, PipelineStatus.Running, 2),
            (run.Id, run.Workflow, run.Number, run.Branch, run.CommitSubject, run.Trigger, run.Status, run.Attempt));
    }

    [Fact]
    public async Task Handle_HostThatDoesNotAnswer_TellsWhatTheDeliveryHasAndFailsSoThatItIsAskedAgain()
    {
        find = (_, _) => throw ProviderException.Transient("down", "Not now.", mayHaveHappened: false);

        await Assert.ThrowsAsync<ProviderException>(() => HandleAsync("workflow_run", Run("completed", "\"failure\"")));

        Assert.Equal(PipelineStatus.Failed, Assert.IsType<PipelineRunInfo>(Assert.Single(events.All)).Status);
    }

    [Fact]
    public void OrderedBy_RenamesOfOneRepository_AreTheSameWhateverItsName()
    {
        var (before, after) = (new WebhookDelivery("1", "repository", $"{{ {Repository} }}"), new WebhookDelivery(
            "2", "repository", $"{{ {Repository.Replace("orders", "order", StringComparison.Ordinal)} }}"));

        Assert.Equal(Receiver().OrderedBy(before), Receiver().OrderedBy(after));
        Assert.NotNull(Receiver().OrderedBy(before));
        Assert.Null(Receiver().OrderedBy(before with { Event = "push" }));
    }

    private static string Run(string status, string conclusion) => $$"""
        { "action": "{{status}}", "workflow_run": { "id": 30433642, "name": "CI", "display_title": "Mend it", "path": ".github/workflows/ci.yml", "run_number": 12, "run_attempt": 2,
          "head_branch": "main", "head_sha": "abc", "event": "push", "status": "{{status}}", "conclusion": {{conclusion}}, "created_at": "2026-01-02T03:04:05Z",
          "updated_at": "2026-01-02T03:05:05Z", "run_started_at": "2026-01-02T03:04:06Z", "html_url": "https://github.com/shop/orders/actions/runs/30433642",
          "head_commit": { "message": "Mend it\n\nReally." } }, {{Repository}} }
        """;

    private GitHubWebhooks Receiver() => new("forge", Secret, Runs(), events);

    private RunPayload Runs() => new((id, token) => find(id, token));

    private Task HandleAsync(string name, string payload) =>
        Receiver().HandleAsync(Receiver().Accept(Signed(payload, ("x-github-event", name))), Cancellation);

    private static WebhookRequest Signed(string body, params (string Name, string? Value)[] headers) =>
        Signed(Encoding.UTF8.GetBytes(body), headers);

    private static WebhookRequest Signed(byte[] body, params (string Name, string? Value)[] headers)
    {
        var all = new Dictionary<string, string>
        {
            ["x-github-delivery"] = "72d3162e-cc78-11e3-81ab-4c9367dc0958", ["x-github-event"] = "push",
            ["content-type"] = "application/json",
            ["x-hub-signature-256"] =
                "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)),
        };
        foreach (var (name, value) in headers)
        {
            if (value is null) all.Remove(name);
            else all[name] = value;
        }
        return new WebhookRequest(all, body);
    }
}
