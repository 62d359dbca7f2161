using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Environments;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit;

namespace Portal.E2E.Tests.Journeys;

/// <summary>A second environment for a service: asked for, used, extended, and gone when its time is over.</summary>
public sealed class EnvironmentInTheBrowserTests(
    BrowserFixture browser, OwnPortal own) : BrowserTest(browser), IClassFixture<OwnPortal>
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task Request_SecondEnvironment_AnswersIsExtendedAndEnds()
    {
        var portal = await own.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        await client.CompletedAsync(await client.StartAsync(
            "static-site", new JsonObject { ["name"] = "guide", ["owner"] = "group:default/orders" }));
        var ada = await SignInAsync(portal);

        await AskAsync(ada);
        await ada.EndsWellAsync();

        var preview = await FindAsync(client);
        var url = preview["url"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(url)).StatusCode);
        Assert.Equal("for the trade fair", preview["reason"]!.GetValue<string>());

        await ada.GotoAsync($"/environments/{preview["id"]}");
        await ada.Choice("Let it run from now").SelectOptionAsync(new SelectOptionValue { Label = "1 day" });
        await ada.Button("Extend").ClickAsync();
        await ada.Page.GetByText("Its end is moved.").WaitForAsync();
        var left = DateTimeOffset.Parse(
            (await FindAsync(client))["expiresAt"]!.GetValue<string>(),
            CultureInfo.InvariantCulture) - portal.Time.GetUtcNow();
        Assert.InRange(left.TotalHours, 23.9, 24);

        await AssertStopsAndStartsAsync(ada, url);
        await AssertEndsAsync(portal, client, url);
        // A day has passed, and with it the session.
        var nextDay = await SignInAsync(portal);
        await nextDay.GotoAsync($"/environments/{preview["id"]}");
        await nextDay.Page.GetByText("This environment is gone.").WaitForAsync();
        await nextDay.Link("Destroy environment preview of guide").WaitForAsync();
    }

    private static async Task AskAsync(Visitor ada)
    {
        await ada.GotoAsync("/catalog/component/default/guide");
        await ada.Link("Request environment").ClickAsync();
        await ada.TextBox("Name").FillAsync("preview");
        await ada.Choice("Lifetime").SelectOptionAsync(new SelectOptionValue { Label = "4 hours" });
        await ada.TextBox("Reason").FillAsync("for the trade fair");
        await ada.Region("What you get").GetByText("Until its end").WaitForAsync();
        Assert.Matches(@"5\.84\sEUR", await ada.Region("What you get").InnerTextAsync());
        await ada.Button("Create environment").ClickAsync();
    }

    /// <summary>Each is a run: the page follows it, shows what came of it in place, and links it.</summary>
    private static async Task AssertStopsAndStartsAsync(Visitor ada, string url)
    {
        await ada.Button("Stop").ClickAsync();
        await ada.Page.GetByText("Stopped. It costs nothing while it does not run.").WaitForAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.GetAsync(url));
        await ada.Link("Stop environment preview of guide").WaitForAsync();
        await ada.Button("Start").ClickAsync();
        await ada.Page.GetByText("Started.").WaitForAsync();
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(url)).StatusCode);
    }

    private static async Task AssertEndsAsync(PortalHost portal, HttpClient client, string url)
    {
        var control = portal.Services.GetRequiredService<ControlEnvironment>();
        portal.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, await control.DestroyExpiredAsync(CancellationToken.None));
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(url)).StatusCode);

        portal.Time.Advance(TimeSpan.FromHours(20));
        // The portal's own sweep may have come first.
        await control.DestroyExpiredAsync(CancellationToken.None);
        await Eventually.TrueAsync(
            async () => (await FindAsync(client))["status"]!.GetValue<string>() == "destroyed", "its end");
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.GetAsync(url));
        var others =
            await client.GetFromJsonAsync<JsonObject>("/api/v1/environments?component=component:default/guide");
        Assert.Equal("dev", Assert.Single(others!["items"]!.AsArray())!["name"]!.GetValue<string>());
    }

    private static async Task<JsonObject> FindAsync(HttpClient client)
    {
        var all = await client.GetFromJsonAsync<JsonObject>(
            "/api/v1/environments?component=component:default/guide&destroyed=true");
        return all!["items"]!.AsArray().Single(e => e!["name"]!.GetValue<string>() == "preview")!.AsObject();
    }
}
