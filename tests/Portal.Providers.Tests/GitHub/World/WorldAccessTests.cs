using System.Text.Json.Nodes;
using Portal.TestKit;
using Portal.TestKit.GitHub;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class WorldAccessTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new();
    private GitHubWorld world = null!;
    private GitHubCaller caller = null!;

    public async ValueTask InitializeAsync()
    {
        world = await GitHubWorld.StartAsync(new GitHubWorldOptions { Clock = clock });
        caller = await GitHubCaller.OfInstallationAsync(world, now: clock.GetUtcNow());
        await world.AddRepositoryAsync("shop/orders", ("a.txt", "one"));
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task InstallationToken_AfterAnHour_IsBadCredentials()
    {
        Assert.Equal(200, (await caller.SendAsync("GET", "repos/shop/orders")).Status);

        clock.Advance(TimeSpan.FromHours(1));

        var refused = await caller.SendAsync("GET", "repos/shop/orders");
        Assert.Equal((401, "Bad credentials"), (refused.Status, (string)refused.Json!["message"]!));
    }

    [Theory]
    [InlineData(9, null, 200)]
    [InlineData(11, null, 401)]
    [InlineData(-1, null, 401)]
    [InlineData(9, "1", 401)]
    public async Task App_JwtOfSuchALife_IsTakenOrNot(int minutes, string? issuer, int status)
    {
        caller.Token = GitHubCaller.Jwt(world, clock.GetUtcNow(), TimeSpan.FromMinutes(minutes), issuer);

        Assert.Equal(status, (await caller.SendAsync("GET", "app")).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task App_JwtSignedByAnotherKey_IsRefused()
    {
        await using var other = await GitHubWorld.StartAsync();
        caller.Token = GitHubCaller.Jwt(other, clock.GetUtcNow());

        var refused = await caller.SendAsync("GET", "app/installations");

        Assert.Equal(
            (401, "A JSON web token could not be decoded"), (refused.Status, (string)refused.Json!["message"]!));
    }

    [Fact]
    public async Task Write_PermissionIsMissing_Is403AndSaysWhichIsNeeded()
    {
        world.Forbid("administration");

        var refused = await caller.SendAsync("POST", "orgs/shop/repos", new JsonObject { ["name"] = "sales" });

        Assert.Equal(
            (403, "Resource not accessible by integration"), (refused.Status, (string)refused.Json!["message"]!));
        Assert.Equal("administration=write", refused.Headers["X-Accepted-GitHub-Permissions"]);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task WriteWorkflow_WithoutItsPermission_Is403_OtherFilesAreNot()
    {
        world.Forbid("workflows");
        var body = new JsonObject { ["message"] = "x", ["content"] = "eA==" };

        Assert.Equal(403, (await caller.SendAsync(
            "PUT", "repos/shop/orders/contents/.github/workflows/a.yml", body.DeepClone())).Status);
        Assert.Equal(201, (await caller.SendAsync("PUT", "repos/shop/orders/contents/.github/a.yml", body)).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Create_OrganisationForbidsRepositories_Is403()
    {
        world.ForbidRepositories();

        var refused = await caller.SendAsync("POST", "orgs/shop/repos", new JsonObject { ["name"] = "sales" });

        Assert.Equal(
            (403, "You need admin access to the organization before adding a repository to it."),
            (refused.Status, (string)refused.Json!["message"]!));
    }

    [Fact]
    public async Task Token_ForOneRepositoryAndLess_ReachesNoMore()
    {
        await world.AddRepositoryAsync("shop/sales", ("a.txt", "one"));
        caller.Token = GitHubCaller.Jwt(world, clock.GetUtcNow());
        var made = await caller.PostAsync(
            $"app/installations/{world.Organisations["shop"].InstallationId}/access_tokens",
            new JsonObject { ["repositories"] = new JsonArray(
                "orders"), ["permissions"] = new JsonObject { ["contents"] = "read" } });
        caller.Token = (string)made["token"]!;

        Assert.Equal(200, (await caller.SendAsync("GET", "repos/shop/orders/contents/a.txt")).Status);
        Assert.Equal(403, (await caller.SendAsync(
            "PUT", "repos/shop/orders/contents/b.txt",
            new JsonObject { ["message"] = "x", ["content"] = "eA==" })).Status);
        Assert.Equal(404, (await caller.SendAsync("GET", "repos/shop/sales/contents/a.txt")).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Write_InstallationIsSuspended_Is403()
    {
        world.Suspend();

        var refused = await caller.SendAsync("GET", "repos/shop/orders");

        Assert.Equal(
            (403, "This installation has been suspended"), (refused.Status, (string)refused.Json!["message"]!));
    }

    [Fact]
    public async Task Read_RepositoryOfAnotherOrganisation_IsNotFound()
    {
        world.AddOrganisation("bank");
        await world.AddRepositoryAsync("bank/vault", ("a.txt", "one"));

        Assert.Equal(404, (await caller.SendAsync("GET", "repos/bank/vault")).Status);
    }

    [Fact]
    public async Task Read_WithTheTagOfBefore_Is304AndDoesNotCount()
    {
        var first = await caller.SendAsync("GET", "repos/shop/orders");
        var used = world.Limits.Used;

        var second = await caller.SendAsync("GET", "repos/shop/orders", ifNoneMatch: first.Headers["ETag"]);

        Assert.Equal((304, used), (second.Status, world.Limits.Used));
        await caller.DoAsync("PATCH", "repos/shop/orders", new JsonObject { ["description"] = "New" });
        Assert.Equal(
            200, (await caller.SendAsync("GET", "repos/shop/orders", ifNoneMatch: first.Headers["ETag"])).Status);
    }

    [Fact]
    public async Task Limits_Reached_Are403UntilTheReset()
    {
        world.Limits.Exhaust(clock.GetUtcNow().AddMinutes(5));
        var refused = await caller.SendAsync("GET", "repos/shop/orders");
        Assert.Equal(
            (403, "0", clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds().ToString()),
            (refused.Status, refused.Headers["x-ratelimit-remaining"], refused.Headers["x-ratelimit-reset"]));

        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(200, (await caller.SendAsync("GET", "repos/shop/orders")).Status);

        world.Limits.Secondary(status: 429, retryAfter: TimeSpan.FromSeconds(7));
        var secondary = await caller.SendAsync("GET", "repos/shop/orders");
        Assert.Equal((429, "7"), (secondary.Status, secondary.Headers["Retry-After"]));
        Assert.Equal(200, (await caller.SendAsync("GET", "repos/shop/orders")).Status);
    }

    [Fact]
    public async Task List_MoreThanOnePage_IsLinked()
    {
        for (var i = 0; i < 4; i++) await world.AddRepositoryAsync($"shop/r{i}");

        var middle = await caller.SendAsync("GET", "orgs/shop/repos?per_page=2&page=2");

        Assert.Equal(2, middle.Json!.AsArray().Count);
        Assert.Contains(
            $"<{world.ApiAddress}orgs/shop/repos?per_page=2&page=3>; rel=\"next\"", middle.Headers["Link"],
            StringComparison.Ordinal);
        Assert.Contains("rel=\"prev\"", middle.Headers["Link"], StringComparison.Ordinal);
        Assert.DoesNotContain(
            "next", (await caller.SendAsync("GET", "orgs/shop/repos?per_page=2&page=3")).Headers["Link"],
            StringComparison.Ordinal);
        world.AssertNoViolations();
    }

    [Theory]
    [InlineData("POST", "orgs/shop/repos", """{"name":5}""", "body/name")]
    [InlineData("POST", "orgs/shop/repos", """{"name":"x","visibility":"secret"}""", "body/visibility")]
    [InlineData("POST", "orgs/shop/repos", """{"name":"x","descripton":"y"}""", "descripton")]
    [InlineData(
        "POST", "repos/shop/orders/git/trees", """{"tree":[{"path":"a","mode":"777","type":"blob","content":""}]}""",
        "body/tree/0/mode")]
    [InlineData("POST", "repos/shop/orders/git/refs", """{"ref":"refs/heads/x"}""", "is required (sha)")]
    [InlineData("GET", "orgs/shop/repos?per_page=abc", null, "per_page")]
    [InlineData("GET", "orgs/shop/repos?size=3", null, "parameter size is unknown")]
    [InlineData("GET", "repos/shop/orders/everything", null, "describes no such operation")]
    [InlineData("POST", "repos/shop/orders", "{}", "describes no such operation")]
    public async Task Request_OtherwiseThanDescribed_IsNotedAndRefused(
        string method, string path, string? body, string violation)
    {
        var refused = await caller.SendAsync(method, path, body is null ? null : JsonNode.Parse(body));

        Assert.Contains(refused.Status, new[] { 404, 422 });
        Assert.Contains(violation, Assert.Single(world.Violations), StringComparison.Ordinal);
        Assert.Throws<Xunit.Sdk.TrueException>(world.AssertNoViolations);
    }

    [Theory]
    [InlineData(OutsideFault.FailBefore, false)]
    [InlineData(OutsideFault.BadGateway, false)]
    [InlineData(OutsideFault.FailAfter, true)]
    [InlineData(OutsideFault.CutAfter, true)]
    public async Task Create_GoesWrong_LedgerTellsWhetherItHappened(OutsideFault fault, bool happened)
    {
        world.Faults.Plan("POST /orgs/{org}/repos", fault);

        var status = 0;
        try
        {
            status = (await caller.SendAsync("POST", "orgs/shop/repos", new JsonObject { ["name"] = "sales" })).Status;
        }
        catch (HttpRequestException)
        {
            // The connection broke.
        }

        Assert.False(status is >= 200 and < 300);
        Assert.Equal(happened, world.Ledger.MadeOf("repository").Any(r => r.Name == "shop/sales"));
        Assert.Equal(1, world.Ledger.Calls("POST /orgs/{org}/repos"));
    }
}
