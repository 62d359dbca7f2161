using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Pages;

/// <summary>Signing out ends the session everywhere, open pages included; and the page of one's tokens.</summary>
public sealed class SignOutTests(SharedPortal shared, BrowserFixture browser) : BrowserTest(browser)
{
    [Fact]
    public async Task SignOut_InOneTab_EndsTheOtherWithinSeconds()
    {
        var visitor = await SignInAsync(await shared.PortalAsync());
        var other = await visitor.Page.Context.NewPageAsync();
        var connected = new TaskCompletionSource();
        other.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => connected.TrySetResult();
        await other.GotoAsync("/activity");
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await other.GetByRole(AriaRole.Heading, new() { Name = "Activity", Level = 1 }).WaitForAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Ada Morgan, account", Exact = true })
            .ClickAsync();
        await visitor.Button("Sign out").ClickAsync();
        await visitor.Heading("Who are you?").WaitForAsync();

        await other.GetByRole(AriaRole.Heading, new() { Name = "Activity", Level = 1 })
            .WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = 10_000 });
    }

    [Fact]
    public async Task AccessTokens_MadeAndRevoked_ShowTheirTextOnce()
    {
        var visitor = await SignInAsync(await shared.PortalAsync());
        await visitor.GotoAsync("/access-tokens");
        await visitor.TextBox("Name").FillAsync("from the browser");
        await visitor.Button("Create token").ClickAsync();
        await visitor.Page.GetByText("portal_").WaitForAsync();
        await visitor.Button("Revoke from the browser").WaitForAsync();

        await visitor.GotoAsync("/access-tokens");
        Assert.Equal(0, await visitor.Page.GetByText("portal_").CountAsync());
        await visitor.Button("Revoke from the browser").ClickAsync();
        await visitor.Button("Revoke from the browser").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
