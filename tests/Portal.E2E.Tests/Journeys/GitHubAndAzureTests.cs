using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit;
using Portal.TestKit.Azure;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Journeys;

/// <summary>The golden path that runs on one machine, on GitHub and Azure by configuration alone.</summary>
public sealed class GitHubAndAzureTests(BrowserFixture browser, PostgresFixture postgres) : BrowserTest(browser)
{
    [Fact]
    public async Task Create_StaticSiteByConfigurationAlone_IsOnGitHubAndInAzureAndGoesAgain()
    {
        await using var portal = await RemotePortal.StartAsync(postgres);
        var ada = await SignInAsync(portal.Process.Address);
        await ada.ChooseTemplateAsync("Static site");
        await ada.FillInAsync("team-pages", "Orders team");
        await ada.ReviewAsync();
        await ada.ShootAsync("github-azure-review");
        await ada.CreateAsync();
        await ada.EndsWellAsync();
        await ada.ShootAsync("github-azure-run");

        var url = new Uri(await ada.ResultAsync("Open the site"));
        using var person = new HttpClient(portal.Azure.TrustingHandler());
        var commit = await CommitAsync(portal);
        Assert.Contains(
            $"ghcr.io/shop/team-pages:{commit}", await person.GetStringAsync(url), StringComparison.Ordinal);
        await AssertFollowsAsync(portal, person, url);
        await ada.Region("Result").GetByRole(AriaRole.Group, new() { Name = "Catalog entry" }).GetByRole(AriaRole.Link)
            .ClickAsync();
        await ada.Page.GetByRole(AriaRole.Table, new() { Name = "Environments" })
            .GetByRole(AriaRole.Rowheader, new() { Name = "dev" }).WaitForAsync();
        await ada.ShootAsync("github-azure-service");
        Assert.Empty(ada.Errors);

        await UndoAsync(portal);
        Assert.DoesNotContain(portal.Azure.Listing, t => t.Kind == AzureThing.Group);
        Assert.Empty(portal.GitHub.Listing);
        portal.GitHub.AssertNoViolations();
        Assert.Empty(portal.Azure.Violations);
        foreach (var secret in (string[])[portal.GitHub.WebhookSecret, AzureWorld.ClientSecret, "PRIVATE KEY"])
        {
            Assert.DoesNotContain(secret, portal.Process.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Operate_RepositoryWithoutDescriptor_IsFoundAndProposedWithItsOwner()
    {
        await using var portal = await RemotePortal.StartAsync(postgres);
        await portal.GitHub.AddRepositoryAsync(
            "shop/legacy", (".github/CODEOWNERS", "* @shop/checkout\n"), ("README.md", "# Legacy\n"));
        var chen = await SignInAsync(portal.Process.Address, "Chen Wei");

        await chen.GotoAsync("/providers");
        await chen.Page.GetByText("Signed in as the app portal, installed in shop").WaitForAsync();
        await chen.Page.GetByText("Signed in to Azure with ClientSecretCredential").WaitForAsync();
        Assert.Equal(2, await chen.Page.GetByText("Usable", new() { Exact = true }).CountAsync());
        await chen.ShootAsync("providers");

        await chen.GotoAsync("/catalog/discovery");
        await chen.Button("Look again").ClickAsync();
        var legacy = chen.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "shop/legacy" });
        await legacy.GetByText("CODEOWNERS").WaitForAsync();
        await chen.ShootAsync("discovery");
        await legacy.GetByRole(AriaRole.Button).ClickAsync();
        try
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(portal.GitHub.Listing.Any(t => t.Kind == "pull request"
                    && t.Name.StartsWith("shop/legacy", StringComparison.Ordinal))), "the pull request");
        }
        catch (TimeoutException e)
        {
            Assert.Fail(
                $"{e.Message}\n{await portal.Client.GetStringAsync("/api/v1/runs")}\n{await chen.Page.Locator("main").InnerTextAsync()}");
        }
        portal.GitHub.AssertNoViolations();
        Assert.Empty(portal.Azure.Violations);
    }

    private static async Task<string> CommitAsync(RemotePortal portal) =>
        (await portal.Client.GetFromJsonAsync<JsonObject>(
            "/api/v1/environments?component=component:default/team-pages"))!["items"]![0]!["commit"]!.GetValue<string>();

    /// <summary>A push reaches the environment: GitHub tells of it, and of the pipeline that has passed.</summary>
    private static async Task AssertFollowsAsync(RemotePortal portal, HttpClient person, Uri url)
    {
        var pushed = await portal.GitHub.PushAsync("shop/team-pages", "site/index.html", "<h1>Good morning</h1>");
        await Eventually.TrueAsync(
            async () => (await person.GetStringAsync(url)).Contains(pushed, StringComparison.Ordinal),
            $"{url} to run {pushed}", TimeSpan.FromMinutes(2));
    }

    private static async Task UndoAsync(RemotePortal portal)
    {
        var runs = await portal.Client.GetFromJsonAsync<JsonObject>("/api/v1/runs?limit=10");
        var run = runs!["items"]!.AsArray().Single(r => r!["template"]?.ToString().Contains(
            "static-site", StringComparison.Ordinal) == true)!["id"]!.ToString();
        using var answer = await portal.Client.PostAsync($"/api/v1/runs/{run}/undo", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(
            async () => (await portal.Client.GetFromJsonAsync<JsonObject>(
                $"/api/v1/runs/{run}"))!["run"]!["status"]!.ToString() == "undone", "the run to be undone",
            TimeSpan.FromMinutes(2));
    }
}
