using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit;

namespace Portal.E2E.Tests.Journeys;

/// <summary>
/// From a template to an address that answers, and from a push to the change at that address, without a browser.
/// </summary>
public sealed class TemplateToRunningServiceTests(SharedPortal shared)
{
    [Fact]
    public async Task Create_ByScriptWithNameAndOwnerAlone_RunsAndFollowsPushes()
    {
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");

        var run = await client.CompletedAsync(await client.StartAsync(
            "static-site", new JsonObject { ["name"] = "sample", ["owner"] = "group:default/orders" }));

        var url = run.Output("environment", "url")!.GetValue<string>();
        using var browser = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(url)).StatusCode);
        await AssertInCatalogAsync(client, run);

        using var git = new GitClient(await portal.TokenAsync("ada"));
        await git.CloneAsync(run.Output("publish", "remoteUrl")!.GetValue<string>());
        git.Replace("site/index.html", "Hello from", "Good morning from");
        await git.CommitAndPushAsync("Greet in the morning");

        await Eventually.TrueAsync(
            () => new Uri(url).ShowsAsync("Good morning from"), $"{url} to show the change", TimeSpan.FromMinutes(4));
    }

    private static async Task AssertInCatalogAsync(HttpClient client, JsonObject run)
    {
        var found = await client.GetFromJsonAsync<JsonObject>("/api/v1/catalog/entities/component/default/sample");
        var entity = found!["entity"]!;
        Assert.Equal("group:default/orders", entity["owner"]!.GetValue<string>());
        Assert.Equal(run["run"]!["id"]!.GetValue<string>(), entity["runId"]!.GetValue<string>());
        Assert.Equal(
            run["run"]!["templateTreeHash"]!.GetValue<string>(),
            entity["template"]!["templateTreeHash"]!.GetValue<string>());
        var environments =
            await client.GetFromJsonAsync<JsonObject>("/api/v1/environments?component=component:default/sample");
        Assert.Equal(
            run.Output("publish", "commit")!.GetValue<string>(),
            environments!["items"]![0]!["commit"]!.GetValue<string>());
        var costs = await client.GetFromJsonAsync<JsonObject>("/api/v1/costs?component=component:default/sample");
        Assert.Equal(1, costs!["byComponent"]![0]!["running"]!.GetValue<int>());
    }
}
