using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Pages;

/// <summary>A page that is left early does not break the next.</summary>
public sealed class LeavingTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    [Fact]
    public async Task Leave_BeforeTheScriptOfTheLogIsThere_NextPageStands()
    {
        var run = await shared.HandbookAsync();
        var ada = await SignInAsync(await shared.PortalAsync());
        var asked = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await ada.Page.RouteAsync("**/lib/log-view*.js", asked.SetResult);
        await ada.GotoAsync($"/runs/{run["run"]!["id"]}");
        var script = await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await ada.Link("Create another like this").ClickAsync();
        await ada.Heading("Static site").WaitForAsync();
        await script.ContinueAsync();

        // What is typed is kept by the server, after it has heard of the script.
        await ada.TextBox("Name").FillAsync("left-early");
        await ada.Page.GetByText("Draft saved").WaitForAsync();
        await Assertions.Expect(ada.Heading("This page failed")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Heading("Static site")).ToBeVisibleAsync();
    }
}
