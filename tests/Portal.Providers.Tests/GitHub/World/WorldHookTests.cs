using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class WorldHookTests : IAsyncLifetime
{
    private GitHubWorld world = null!;
    private GitHubCaller caller = null!;
    private HookListener listener = null!;

    public async ValueTask InitializeAsync()
    {
        world = await GitHubWorld.StartAsync();
        caller = await GitHubCaller.OfInstallationAsync(world);
        listener = await HookListener.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await world.DisposeAsync();
        await listener.DisposeAsync();
    }

    [Fact]
    public async Task AppWebhook_WhateverHappens_IsToldSignedInItsOrder()
    {
        world.AppWebhook = listener.Address;
        await world.AddRepositoryAsync("shop/orders", (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hi\n"));
        await world.RenameAsync("shop/orders", "sales");
        await world.SetMemberAsync("shop", "checkout", "grace");
        await world.DeliveredAsync();

        var first = listener.Received.First();
        var wanted = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(world.WebhookSecret), Encoding.UTF8.GetBytes(first.Body));
        Assert.Equal($"sha256={Convert.ToHexStringLower(wanted)}", first.Headers["X-Hub-Signature-256"].ToString());
        Assert.Equal(

            [
                "push ", "workflow_run requested", "workflow_run in_progress", "workflow_run completed",
                "repository renamed", "membership added"
            ],
            listener.Received.Select(r => $"{r.Headers["X-GitHub-Event"]} {JsonNode.Parse(r.Body)!["action"]}"));
        var push = JsonNode.Parse(first.Body)!;
        Assert.Equal(
            ("refs/heads/main", "shop/orders", "shop"),
            ((string)push["ref"]!, (string)push["repository"]!["full_name"]!, (string)push["organization"]!["login"]!));
        Assert.Equal(".github/workflows/a.yml", (string)push["commits"]![0]!["added"]![0]!);
        Assert.Equal(world.Organisations["shop"].InstallationId, (long)push["installation"]!["id"]!);
        Assert.Equal(
            "orders",
            (string)JsonNode.Parse(listener.Received.ElementAt(4).Body)!["changes"]!["repository"]!["name"]!["from"]!);
    }

    [Fact]
    public async Task RepositoryHook_HearsOnlyItsEvents_AndCanBeSentAgain()
    {
        await caller.PostAsync("orgs/shop/repos", new JsonObject { ["name"] = "orders" });
        var hook = await caller.PostAsync("repos/shop/orders/hooks", new JsonObject
        {
            ["events"] = new JsonArray("push"), ["config"] = new JsonObject
            {
                ["url"] = listener.Address.AbsoluteUri, ["content_type"] = "json", ["secret"] = "s"
            },
        });
        Assert.Equal("********", (string)hook["config"]!["secret"]!);
        await caller.DoAsync(
            "PUT", "repos/shop/orders/contents/a.txt", new JsonObject { ["message"] = "x", ["content"] = "eA==" });
        await world.RenameAsync("shop/orders", "sales");
        await world.DeliveredAsync();

        Assert.Equal(["ping", "push"], world.Deliveries.Select(d => d.Event));
        listener.Status = 500;
        var again = await world.RedeliverAsync(world.Deliveries[1].Id);

        Assert.Equal((500, true, world.Deliveries[1].Id), (again.Status, again.IsRedelivery, again.Id));
        Assert.Equal(3, listener.Received.Count);
        Assert.Equal(422, (await caller.SendAsync(
            "POST", "repos/shop/sales/hooks",
            new JsonObject { ["config"] = new JsonObject { ["url"] = listener.Address.AbsoluteUri } })).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task OrganisationHook_NobodyListens_IsKeptAsUnanswered()
    {
        await caller.PostAsync("orgs/shop/hooks", new JsonObject { ["name"] = "web", ["events"] = new JsonArray(
            "*"), ["config"] = new JsonObject { ["url"] = "http://127.0.0.1:1/" } });
        await caller.PostAsync("orgs/shop/repos", new JsonObject { ["name"] = "orders" });
        await world.DeliveredAsync();

        Assert.Equal([("ping", 0), ("repository", 0)], world.Deliveries.Select(d => (d.Event, d.Status)));
        world.AssertNoViolations();
    }
}
