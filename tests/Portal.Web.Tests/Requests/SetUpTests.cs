using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Web.Tests.Requests;

/// <summary>The link of the log, in a browser.</summary>
public sealed class SetUpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetUp_InABrowser_NamesAndSignsIn_KeepsWhatWasTyped_AndIsGoneThen()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();
        await using (var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync(Cancellation))
        {
            await db.Set<CatalogEntity>().ExecuteDeleteAsync(Cancellation);
        }
        var key = await portal.Services.GetRequiredService<FirstSetUp>().PrepareAsync(Cancellation);
        using var browser = new Browser(portal.Address);
        Assert.Equal(
            HttpStatusCode.NotFound, (await browser.Client.GetAsync("/set-up?key=guessed", Cancellation)).StatusCode);
        using var first = await browser.Client.GetAsync($"/set-up?key={key}", Cancellation);
        // With "no-referrer" browsers send the form with the origin "null", which is refused.
        Assert.Equal("same-origin", Assert.Single(first.Headers.GetValues("Referrer-Policy")));
        var page = await first.Content.ReadAsStringAsync(Cancellation);

        using var wrong = await SendAsync(browser, page, key!, "Jane Doe, jane@example.com, Nowhere");
        var again = await wrong.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("There is no team", again, StringComparison.Ordinal);
        Assert.Contains("Jane Doe, jane@example.com, Nowhere", again, StringComparison.Ordinal);
        using var done = await SendAsync(browser, again, key!, "Bo Li, bo@example.com, Checkout team");

        Assert.Equal((HttpStatusCode.Found, "/teams"), (done.StatusCode, Path(done)));
        Assert.Contains("Checkout team", await browser.Client.GetStringAsync("/teams", Cancellation));
        Assert.Contains("Health and version", await browser.Client.GetStringAsync("/admin", Cancellation));
        Assert.Equal(
            HttpStatusCode.NotFound, (await browser.Client.GetAsync($"/set-up?key={key}", Cancellation)).StatusCode);
        var people = portal.Services.GetRequiredService<People>();
        Assert.Equal(
            ["checkout-team"],
            (await people.PersonAsync(EntityRef.User("bo-li"), Cancellation)).Groups.Select(g => g.Name));
    }

    private static Task<HttpResponseMessage> SendAsync(Browser browser, string page, string key, string people) =>
        browser.Client.PostAsync("/set-up", new FormUrlEncodedContent(
        [
            new("_handler", "set-up"), new("__RequestVerificationToken", LivePortal.FormToken(page)),
            new("Form.Key", key), new("Form.Title", "Root Person"), new("Form.Teams", "Checkout team"),
            new("Form.People", people),
        ]), Cancellation);

    private static string? Path(HttpResponseMessage answer) =>
        answer.Headers.Location is not { } to ? null : to.IsAbsoluteUri ? to.AbsolutePath : to.OriginalString;
}
