using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Journeys;

/// <summary>A run that failed half-way: corrected and finished, or taken away.</summary>
public sealed class FailedRunInTheBrowserTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    [Fact]
    public async Task Correct_WrongValue_IsRefusedWhereADoneStepUsedItAndFinishesTheRunElsewhere()
    {
        var ada = await FailedAsync("half-made");
        await ada.Link("Correct and retry").ClickAsync();
        await ada.Heading("Correct and retry").WaitForAsync();
        Assert.Equal("soon", await ada.TextBox("Window").InputValueAsync());
        await ada.Page.GetByText("Name, Owner cannot be changed any more").WaitForAsync();

        await ada.TextBox("Name").FillAsync("another");
        await ada.Button("Retry with these values").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Alert).GetByText("name cannot be changed any more").WaitForAsync();

        await ada.TextBox("Name").FillAsync("half-made");
        await ada.TextBox("Window").FillAsync("2026-01-01T08:00:00Z");
        await ada.Button("Retry with these values").ClickAsync();

        await ada.EndsWellAsync();
        await ada.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Repository orders/half-made" }).First
            .WaitForAsync();
        Assert.Empty(ada.Errors);
    }

    [Fact]
    public async Task Undo_FailedRun_NamesWhatGoesAsksForTheNameAndTakesItAway()
    {
        var ada = await FailedAsync("not-wanted");

        await ada.Button("Undo what it created").ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Listitem)
            .GetByText("The repository orders/not-wanted is deleted with its history.").WaitForAsync();
        var undo = dialog.GetByRole(AriaRole.Button, new() { Name = "Undo", Exact = true });
        Assert.True(await undo.IsDisabledAsync());
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("orders/not-wanted");
        await undo.ClickAsync();

        await ada.Shows("Undone").WaitForAsync();
        await ada.Page.GetByText("Everything that it created has been removed.").WaitForAsync();
        Assert.Equal(0, await ada.Button("Undo what it created").CountAsync());
        await ada.GotoAsync("/");
        Assert.Equal(0, await ada.Region("Needs care")
            .GetByRole(AriaRole.Link, new() { Name = "not-wanted from Maintained" }).CountAsync());
    }

    [Fact]
    public async Task CreateAgain_AfterAnUndo_HasTheValuesAndTheNameCanBeChanged()
    {
        var ada = await FailedAsync("first-try");
        // To try the same again would fail the same.
        Assert.Equal(0, await ada.Button("Retry from the failed step").CountAsync());
        await ada.Button("Undo what it created").ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("orders/first-try");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Undo", Exact = true }).ClickAsync();
        await ada.Shows("Undone").WaitForAsync();

        await ada.Link("Create again with these values").ClickAsync();
        await ada.Heading("Maintained").WaitForAsync();
        Assert.Equal("first-try", await ada.TextBox("Name").InputValueAsync());
        Assert.Equal("soon", await ada.TextBox("Window").InputValueAsync());
        await ada.TextBox("Name").FillAsync("second-try");
        await ada.TextBox("Window").FillAsync("2026-01-01T08:00:00Z");
        await ada.Page.GetByLabel("Password").FillAsync("correct horse");
        await ada.ReviewAsync();
        await ada.CreateAsync();

        await ada.EndsWellAsync();
        Assert.Empty(ada.Errors);
    }

    private async Task<Visitor> FailedAsync(string name)
    {
        shared.Templates.WriteCorrectable();
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        var run = await client.FailedAsync(name);
        var ada = await SignInAsync(portal);
        await ada.GotoAsync($"/runs/{run}");
        await ada.Shows("Failed").WaitForAsync();
        return ada;
    }
}
