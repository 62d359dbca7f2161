using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit;

namespace Portal.E2E.Tests.Journeys;

/// <summary>What was made is found again.</summary>
public sealed class CatalogInTheBrowserTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    [Fact]
    public async Task Search_NameOfAService_FindsItWithItsOwner()
    {
        var portal = await shared.PortalAsync();
        await shared.HandbookAsync();
        var ben = await SignInAsync(portal, "Ben Okafor");

        await ben.GotoAsync("/catalog");
        await ben.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search the catalog" }).FillAsync("handb");

        var rows = ben.Page.GetByRole(AriaRole.Table, new() { Name = "Entities" }).GetByRole(AriaRole.Row);
        var found = rows.Filter(new() { Has = ben.Page.GetByRole(AriaRole.Rowheader, new() { Name = "Handbook" }) });
        await found.GetByRole(AriaRole.Link, new() { Name = "orders" }).WaitForAsync();
        await ben.Page.WaitForURLAsync(new Regex("/catalog.*[?&]q=handb"));
        await ben.Page.GetByRole(AriaRole.Status).GetByText("1 found").WaitForAsync();
        await found.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Link).ClickAsync();
        await ben.Page.GetByText("Healthy", new() { Exact = true }).First.WaitForAsync();
        // Another team's service is there to be read, not to be changed.
        Assert.Equal(0, await ben.Link("Request environment").CountAsync());
    }

    /// <summary>What a service is made of is one page away, why its build fails too, and its end.</summary>
    [Fact]
    public async Task Service_FilesFailedBuildAndRetiring_AreDoneFromItsPages()
    {
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        var run = await client.CompletedAsync(await client.StartAsync(
            "static-site", new JsonObject { ["name"] = "short-lived", ["owner"] = "group:default/orders" }));
        using var git = new GitClient(await portal.TokenAsync("ada"));
        await git.CloneAsync(run.Output("publish", "remoteUrl")!.GetValue<string>());
        File.WriteAllText(
            Path.Combine(git.Folder, "test", "sum.test.js"),
            "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n"
            + "test('adds up', () => assert.equal(1 + 1, 3));\n");
        await git.CommitAndPushAsync("Sum wrongly");
        var ada = await SignInAsync(portal);

        await ada.GotoAsync("/catalog/component/default/short-lived");
        await ada.Region("Source").GetByRole(AriaRole.Link, new() { Name = "README.md" }).ClickAsync();
        await ada.Heading("README.md").WaitForAsync();
        await ada.GotoAsync("/repositories/local/orders/short-lived/commits");
        await ada.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Sum wrongly$") }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Region, new() { Name = "Changes of test/sum.test.js" })
            .GetByText("+test('adds up'").WaitForAsync();

        await Eventually.TrueAsync(
            async () => (await client.GetStringAsync("/api/v1/pipelines?repository=orders/short-lived"))
                .Contains("\"status\":\"failed\"", StringComparison.Ordinal),
            "the build to fail", TimeSpan.FromMinutes(4));
        await ada.GotoAsync("/catalog/component/default/short-lived");
        await ada.Page.GetByRole(AriaRole.Table, new() { Name = "Pipeline runs" }).GetByRole(AriaRole.Rowheader).First
            .GetByRole(AriaRole.Link).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Note).GetByText(new Regex("adds up")).First.WaitForAsync();
        await ada.Region("Tests").GetByText("1 failed").WaitForAsync();
        var kept = await ada.Page.RunAndWaitForDownloadAsync(() => ada.Link("test-results").ClickAsync());
        Assert.Equal("test-results.zip", kept.SuggestedFilename);

        await ada.GotoAsync("/catalog/component/default/short-lived");
        await ada.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Retire ") }).ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("The repository orders/short-lived is deleted with its history").WaitForAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("short-lived");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Retire", Exact = true }).ClickAsync();
        await ada.Shows("Undone").WaitForAsync();
        using var gone = await client.GetAsync("/api/v1/catalog/entities/component/default/short-lived");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }
}
