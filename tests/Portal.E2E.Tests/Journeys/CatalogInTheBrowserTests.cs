using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

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
}
