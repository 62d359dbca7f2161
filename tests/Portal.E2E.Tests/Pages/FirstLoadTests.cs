using System.Collections.Concurrent;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Pages;

/// <summary>What a browser that has nothing of the portal yet is sent for a page.</summary>
public sealed class FirstLoadTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    private const int Most = 250 * 1000;

    [Theory]
    [InlineData("/")]
    [InlineData("/create")]
    [InlineData("/catalog")]
    [InlineData("/environments")]
    public async Task FirstLoad_OfAPage_IsSmall(string path)
    {
        var ada = await SignInAsync(await shared.PortalAsync());
        var browserLine = await ada.Page.Context.NewCDPSessionAsync(ada.Page);
        await browserLine.SendAsync("Network.enable");
        await browserLine.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        var sizes = new ConcurrentBag<double>();
        browserLine.Event("Network.loadingFinished").OnEvent +=
            (_, e) => sizes.Add(e!.Value.GetProperty("encodedDataLength").GetDouble());

        await ada.GotoAsync(path);

        Assert.InRange(sizes.Sum(), 20_000, Most);
    }
}
