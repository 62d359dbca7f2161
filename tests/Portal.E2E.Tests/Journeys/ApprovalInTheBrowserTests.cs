using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Journeys;

/// <summary>
/// A run that asks somebody: its author waits with the page open, another person decides in a window of their own.
/// </summary>
public sealed class ApprovalInTheBrowserTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    [Fact]
    public async Task Approve_ByAnotherPersonFromHome_TheAuthorsOpenPageFollowsToTheEnd()
    {
        var (ada, ben) = await AskAsync("asked-yes");
        await ada.Page.GetByText("You started this run, so somebody else has to decide.").WaitForAsync();
        Assert.Equal(0, await ada.Button("Approve").CountAsync());

        await ben.GotoAsync("/");
        await ben.Region("Waits for your approval").GetByRole(AriaRole.Link, new() { Name = "May asked-yes be made?" })
            .ClickAsync();
        var asked = ben.Region("What is asked for");
        await asked.GetByText("Create repository").WaitForAsync();
        await asked.GetByRole(AriaRole.Link, new() { Name = "orders" }).First.WaitForAsync();
        await asked.GetByRole(AriaRole.Region, new() { Name = "Content of README.md" }).GetByText("# Asked for")
            .WaitForAsync();

        await DecideAsync(ben, "asked-yes", "Approve", "Good name");

        await ada.Region("Values").GetByText("asked-yes").WaitForAsync();
        await ada.Shows("Completed").WaitForAsync();
        await ada.Page.GetByRole(AriaRole.Log).GetByText("Ben Okafor approved: Good name").WaitForAsync();
        await ada.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Repository orders/asked-yes" }).First
            .WaitForAsync();
        await ben.GotoAsync("/");
        Assert.Equal(0, await ben.Link("May asked-yes be made?").CountAsync());
    }

    [Fact]
    public async Task Reject_WithAComment_FailsTheRunAndSaysWhoAndWhy()
    {
        var (ada, ben) = await AskAsync("asked-no");

        await DecideAsync(ben, "asked-no", "Reject", "Taken by another team");

        await ada.Shows("Failed").WaitForAsync();
        await ada.Page.GetByRole(AriaRole.Note).GetByText("Taken by another team").WaitForAsync();
        await ada.Page.GetByText("Everything that it created has been removed.").WaitForAsync();
        await ada.Button("Retry from the failed step").ClickAsync();
        await ada.Page.GetByText("You started this run, so somebody else has to decide.").WaitForAsync();
        await ada.Button("Cancel run").ClickAsync();
        await ada.Shows("Cancelled").WaitForAsync();
    }

    private async Task<(Visitor Ada, Visitor Ben)> AskAsync(string name)
    {
        shared.Templates.WriteApproval();
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        await client.KnowsTemplateAsync(RunTemplates.Approval);
        var run = await client.StartAsync(RunTemplates.Approval, RunTemplates.Values(name));
        var ada = await SignInAsync(portal);
        await ada.GotoAsync($"/runs/{run}");
        await ada.Shows("Waiting").WaitForAsync();
        return (ada, await SignInAsync(portal, "Ben Okafor"));
    }

    private static async Task DecideAsync(Visitor ben, string name, string button, string comment)
    {
        await ben.GotoAsync("/");
        await ben.Region("Waits for your approval").GetByRole(AriaRole.Link, new() { Name = $"May {name} be made?" })
            .ClickAsync();
        await ben.Page.GetByRole(AriaRole.Textbox, new() { Name = "Comment" }).FillAsync(comment);
        await ben.Button(button).ClickAsync();
    }
}
