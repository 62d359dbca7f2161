using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit;

namespace Portal.E2E.Tests.Journeys;

/// <summary>
/// The main job, by mouse and keyboard: from the gallery to an address that answers, and from a push to the change
/// there.
/// </summary>
public sealed class CreateInTheBrowserTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    public static TheoryData<Journey> Journeys =>
    [
        new Journey(
            "Static site", "team-pages", "Open the site", "site/index.html", "Hello from", "Good morning from", "/"),
        new Journey(
            "Node HTTP service", "greeter", "Open the service", "src/greeting.js", "Hello", "Good morning",
            "/api/v1/greetings/ada"),
        new Journey(
            ".NET web API", "ledger", "Open the service", "src/Ledger.Api/Greetings/Greeting.cs", "\"Hello\"",
            "\"Good morning\"", "/api/v1/greetings/ada"),
    ];

    [Theory]
    [MemberData(nameof(Journeys))]
    public async Task Create_EachTemplateWithNameAndOwner_RunsAndFollowsPushes(Journey journey)
    {
        var portal = await shared.PortalAsync();
        var ada = await SignInAsync(portal);

        await ada.ChooseTemplateAsync(journey.Template);
        await ada.FillInAsync(journey.Name, "Orders team");
        await ada.ReviewAsync();
        await AssertReviewAsync(ada, journey);
        await ada.CreateAsync();
        await ada.EndsWellAsync();

        var url = await ada.ResultAsync(journey.OpenLink);
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(url)).StatusCode);
        await AssertServicePageAsync(ada, portal, journey);
        await AssertPushIsFollowedAsync(portal, journey, new Uri(new Uri(url), journey.Path));
        Assert.Empty(ada.Errors);
    }

    [Fact]
    public async Task Name_OfAComponentOfAnotherTeam_IsNotFreeAsOneTypes()
    {
        var ada = await SignInAsync(await shared.PortalAsync());
        await ada.ChooseTemplateAsync("Static site");

        await ada.FillInAsync("checkout", "Orders team");
        await ada.Page.GetByText("component:default/checkout is in the catalog already").WaitForAsync();
        Assert.Equal(0, await ada.Page.GetByText("Free.").CountAsync());
        await ada.TextBox("Name").FillAsync("checkout-pages");
        await ada.Page.GetByText("Free.").WaitForAsync();

        Assert.Equal(0, await ada.Page.GetByText("is in the catalog already").CountAsync());
        Assert.Empty(ada.Errors);
    }

    private static async Task AssertReviewAsync(Visitor ada, Journey journey)
    {
        var files = ada.Page.GetByRole(AriaRole.Tree, new() { Name = "Files to be created" });
        await files.GetByRole(AriaRole.Treeitem, new() { Name = "catalog-info.yaml" }).ClickAsync();
        await ada.Region("Content of catalog-info.yaml").GetByText($"name: \"{journey.Name}\"").WaitForAsync();
        var changes = ada.Region("What will be created, in this order").GetByRole(AriaRole.Listitem);
        var made = string.Join('\n', await changes.AllInnerTextsAsync());
        Assert.Matches($"(?s)repository .*{journey.Name}.*catalog.*pipeline.*environment .*dev", made);
        Assert.Matches(@"\d\.\d\d", await ada.Region("Cost per month").InnerTextAsync());
    }

    private static async Task AssertServicePageAsync(Visitor ada, PortalHost portal, Journey journey)
    {
        await ada.Region("Result").GetByRole(AriaRole.Group, new() { Name = "Catalog entry" }).GetByRole(AriaRole.Link)
            .ClickAsync();
        await ada.Page.GetByText("Healthy", new() { Exact = true }).First.WaitForAsync();
        await ada.About.GetByRole(
            AriaRole.Link, new() { NameRegex = new Regex("orders", RegexOptions.IgnoreCase) }).First.WaitForAsync();

        using var client = await portal.ClientAsync("ada");
        var environments = await client.GetFromJsonAsync<JsonObject>(
            $"/api/v1/environments?component=component:default/{journey.Name}");
        var commit = environments!["items"]![0]!["commit"]!.GetValue<string>();
        var dev = ada.Page.GetByRole(AriaRole.Table, new() { Name = "Environments" }).GetByRole(AriaRole.Row)
            .Filter(new() { HasText = commit[..7] });
        await dev.GetByRole(AriaRole.Rowheader, new() { Name = "dev" }).WaitForAsync();
        Assert.Contains("Running", await dev.InnerTextAsync(), StringComparison.Ordinal);
        await ada.Region("Costs this month").GetByText("So far").WaitForAsync();
        await ada.Page.GetByRole(AriaRole.Table, new() { Name = "Pipeline runs" }).GetByText("Passed").First
            .WaitForAsync();
    }

    private static async Task AssertPushIsFollowedAsync(PortalHost portal, Journey journey, Uri page)
    {
        using var git = new GitClient(await portal.TokenAsync("ada"));
        await git.CloneAsync($"{portal.Address}git/orders/{journey.Name}.git");
        git.Replace(journey.File, journey.Before, journey.After);
        await git.CommitAndPushAsync("Greet in the morning");
        await Eventually.TrueAsync(
            () => page.ShowsAsync(journey.After.Trim('"')), $"{page} to show the change", TimeSpan.FromMinutes(4));
    }

    /// <param name="Template">Title on its card.</param>
    /// <param name="OpenLink">Title of the link to the environment.</param>
    /// <param name="File">Holds <paramref name="Before"/>, which a push replaces.</param>
    /// <param name="Path">Where the environment shows it.</param>
    public sealed record Journey(
        string Template, string Name, string OpenLink, string File, string Before, string After, string Path)
    {
        public override string ToString() => Template;
    }
}
