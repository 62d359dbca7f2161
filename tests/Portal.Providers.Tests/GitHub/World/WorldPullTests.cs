using System.Text.Json.Nodes;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class WorldPullTests : IAsyncLifetime
{
    private GitHubWorld world = null!;
    private GitHubCaller caller = null!;

    public async ValueTask InitializeAsync()
    {
        world = await GitHubWorld.StartAsync();
        caller = await GitHubCaller.OfInstallationAsync(world);
        await world.AddRepositoryAsync("shop/orders", ("a.txt", "one"));
        await world.PushAsync("shop/orders", "b.txt", "two", branch: "topic");
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task Create_ReviewAndMerge_BringsTheFilesToMain()
    {
        var pull = await OpenAsync();
        Assert.Equal(("open", "topic", "main", 1, 1), (
            (string)pull["state"]!, (string)pull["head"]!["ref"]!, (string)pull["base"]!["ref"]!, (int)pull["commits"]!,
            (int)pull["changed_files"]!));
        await caller.DoAsync(
            "PUT", "orgs/shop/teams/checkout/repos/shop/orders", new JsonObject { ["permission"] = "push" });
        var asked = await caller.PostAsync(
            "repos/shop/orders/pulls/1/requested_reviewers",
            new JsonObject { ["reviewers"] = new JsonArray("ada"), ["team_reviewers"] = new JsonArray("checkout") });
        Assert.Equal(
            ("ada", "checkout"),
            ((string)asked["requested_reviewers"]![0]!["login"]!, (string)asked["requested_teams"]![0]!["slug"]!));
        await caller.PostAsync(
            "repos/shop/orders/issues/1/labels", new JsonObject { ["labels"] = new JsonArray("portal") });
        await caller.PostAsync("repos/shop/orders/issues/1/comments", new JsonObject { ["body"] = "Hello" });
        Assert.Equal(409, (await caller.SendAsync(
            "PUT", "repos/shop/orders/pulls/1/merge", new JsonObject { ["sha"] = new string('0', 40) })).Status);

        await caller.DoAsync("PUT", "repos/shop/orders/pulls/1/merge", new JsonObject { ["merge_method"] = "squash" });

        Assert.Equal("two", (await caller.SendAsync(
            "GET", "repos/shop/orders/contents/b.txt", accept: "application/vnd.github.raw+json")).Text);
        var merged = await caller.GetAsync("repos/shop/orders/pulls/1");
        Assert.Equal(("closed", true, 1, "portal"), (
            (string)merged["state"]!, (bool)merged["merged"]!, (int)merged["comments"]!,
            (string)merged["labels"]![0]!["name"]!));
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Create_Again_IsRefusedAndListedOnce()
    {
        await OpenAsync();

        var refused = await caller.SendAsync("POST", "repos/shop/orders/pulls", Body());

        Assert.Equal(
            (422, "A pull request already exists for shop:topic."),
            (refused.Status, (string)refused.Json!["errors"]![0]!["message"]!));
        Assert.Single((await caller.GetAsync("repos/shop/orders/pulls?head=shop:topic&state=all")).AsArray());
        Assert.Equal(422, (await caller.SendAsync(
            "POST", "repos/shop/orders/pulls",
            new JsonObject { ["title"] = "x", ["head"] = "nowhere", ["base"] = "main" })).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Close_AndDeleteTheBranch_LeavesItClosed()
    {
        await OpenAsync();
        await caller.DoAsync("PATCH", "repos/shop/orders/pulls/1", new JsonObject { ["state"] = "closed" });
        await caller.DoAsync("DELETE", "repos/shop/orders/git/refs/heads/topic");

        var pull = await caller.GetAsync("repos/shop/orders/pulls/1");

        Assert.Equal(("closed", false), ((string)pull["state"]!, (bool)pull["merged"]!));
        Assert.Equal("b.txt", (string)(await caller.GetAsync("repos/shop/orders/pulls/1/files"))[0]!["filename"]!);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Issue_WithLabels_SharesItsNumbersWithPullRequests()
    {
        await OpenAsync();
        await caller.PostAsync("repos/shop/orders/labels", new JsonObject { ["name"] = "bug", ["color"] = "ff0000" });

        var issue = await caller.PostAsync(
            "repos/shop/orders/issues", new JsonObject { ["title"] = "Broken", ["labels"] = new JsonArray("bug") });

        Assert.Equal((2, "ff0000"), ((int)issue["number"]!, (string)issue["labels"]![0]!["color"]!));
        await caller.DoAsync("PATCH", "repos/shop/orders/issues/2", new JsonObject { ["state"] = "closed" });
        Assert.Empty((await caller.GetAsync("repos/shop/orders/issues")).AsArray());
        world.AssertNoViolations();
    }

    private static JsonObject Body() =>
        new() { ["title"] = "Add b", ["head"] = "topic", ["base"] = "main", ["body"] = "Because" };

    private Task<JsonNode> OpenAsync() => caller.PostAsync("repos/shop/orders/pulls", Body());
}
