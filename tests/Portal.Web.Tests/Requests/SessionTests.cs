using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Web.Tests.Requests;

/// <summary>
/// Sessions live on the server: they end for everybody who holds the cookie, and pages of other origins cannot use
/// them.
/// </summary>
public sealed class SessionTests(LivePortal portal) : IClassFixture<LivePortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignOut_CookieThatWasCopiedBefore_IsWorthNothing()
    {
        using var browser = await portal.SignInAsync("ada");
        var copy = browser.Cookie;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/catalog", copy));

        await SignOutAsync(browser);

        Assert.Equal(HttpStatusCode.Found, await StatusAsync("/catalog", copy));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await StatusAsync("/_blazor/negotiate?negotiateVersion=1", copy, HttpMethod.Post, portal.Address));
    }

    [Fact]
    public async Task SignOut_ConnectionsOfOpenPages_EndOnEveryReplicaWithinSeconds()
    {
        await using var second = await portal.StartReplicaAsync();
        var there = new Uri(
            second.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var browser = await portal.SignInAsync("ada");
        using var other = await portal.SignInAsync("ada");
        using var here = await ConnectAsync(portal.Address, browser.Cookie, portal.Address);
        using var away = await ConnectAsync(there, browser.Cookie, there);
        using var stays = await ConnectAsync(there, other.Cookie, there);

        await SignOutAsync(browser);

        await EndedAsync(here);
        await EndedAsync(away);
        Assert.Equal(WebSocketState.Open, stays.State);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/catalog", other.Cookie));
        await second.StopAsync(Cancellation);
    }

    [Fact]
    public async Task SignIn_AsAnother_EndsTheSessionBefore()
    {
        using var browser = await portal.SignInAsync("ada");
        var before = browser.Cookie;
        var form = await browser.Client.GetStringAsync("/sign-in", Cancellation);
        using var answer = await browser.Client.PostAsync("/sign-in", Form(form, "user:default/ben"), Cancellation);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Found, await StatusAsync("/catalog", before));
        Assert.Contains("Ben", await browser.Client.GetStringAsync("/catalog", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_ThatIsGone_IsSignedInNoMore()
    {
        var name = $"leaver{Guid.NewGuid():N}"[..20];
        await portal.TokenAsync(name);
        using var browser = await portal.SignInAsync(name);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/catalog", browser.Cookie));

        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync(Cancellation);
        await db.Set<CatalogEntity>().Where(e => e.Key == EntityRef.User(name).Key).ExecuteDeleteAsync(Cancellation);

        Assert.Equal(HttpStatusCode.Found, await StatusAsync("/catalog", browser.Cookie));
    }

    [Fact]
    public async Task Session_BeyondItsTimes_IsOver()
    {
        using var browser = await portal.SignInAsync("ada");
        var sessions = portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        await using var db = await sessions.CreateDbContextAsync(Cancellation);
        var session = await db.Set<Session>().OrderByDescending(s => s.CreatedAt).FirstAsync(Cancellation);
        Assert.Equal(TimeSpan.FromHours(168), session.EndsAt - session.CreatedAt);
        Assert.Equal(TimeSpan.FromHours(12), session.ExpiresAt - session.CreatedAt);

        await db.Set<Session>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), Cancellation);
        // Use does not bring it back.
        await portal.Services.GetRequiredService<Sessions>().UsedAsync([session.Id], Cancellation);

        Assert.Equal(HttpStatusCode.Found, await StatusAsync("/catalog", browser.Cookie));
    }

    [Fact]
    public async Task Cookie_Always_TellsNothingAndIsThisInstallationsAlone()
    {
        using var browser = await portal.SignInAsync("ada");
        await using var elsewhere = new LivePortal();
        await elsewhere.InitializeAsync();
        using var there = await elsewhere.SignInAsync("ada");
        string Session(Browser of) => of.Cookies.GetAllCookies().Select(c => c.Name).Single(
            n => n.StartsWith("portal-", StringComparison.Ordinal) && !n.Contains("form", StringComparison.Ordinal));

        Assert.All(browser.Cookies.GetAllCookies(), c => Assert.True(c.HttpOnly));
        Assert.NotEqual(Session(browser), Session(there));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", null)]
    [InlineData("http://127.0.0.1:1", "same-site")]
    [InlineData(null, "same-site")]
    [InlineData(null, "cross-site")]
    [InlineData(null, "none")]
    [InlineData("null", null)]
    [InlineData(null, null)]
    [InlineData("own", "same-site")]
    public async Task Hub_AskedByAnotherOrigin_IsRefused(string? origin, string? site)
    {
        using var browser = await portal.SignInAsync("ada");
        var from = origin == "own" ? portal.Address.GetLeftPart(UriPartial.Authority) : origin;

        var refused = await Assert.ThrowsAsync<WebSocketException>(
            () => ConnectAsync(portal.Address, browser.Cookie, from, site));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await StatusAsync("/_blazor/negotiate?negotiateVersion=1", browser.Cookie, HttpMethod.Post, from, site));
        Assert.Equal(
            HttpStatusCode.Forbidden, await StatusAsync("/_blazor?id=x", browser.Cookie, HttpMethod.Get, from, site));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await StatusAsync("/_blazor/disconnect", browser.Cookie, HttpMethod.Post, from, site));
    }

    [Fact]
    public async Task Hub_AskedByThePortalsOwnPage_Answers()
    {
        using var browser = await portal.SignInAsync("ada");
        using var socket = await ConnectAsync(portal.Address, browser.Cookie, portal.Address);
        Assert.Equal(WebSocketState.Open, socket.State);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(
            "/_blazor/negotiate?negotiateVersion=1", browser.Cookie, HttpMethod.Post, portal.Address));
    }

    [Theory]
    [InlineData("/sign-in", "http://127.0.0.1:1", null)]
    [InlineData("/sign-in", null, "same-site")]
    [InlineData("/sign-in", null, null)]
    [InlineData("/sign-out", "http://127.0.0.1:1", null)]
    [InlineData("/sign-out", null, "cross-site")]
    [InlineData("/sign-out", null, null)]
    [InlineData("/catalog", "http://127.0.0.1:1", "same-site")]
    public async Task Form_SentByAnotherOrigin_IsRefusedInWords(string path, string? origin, string? site)
    {
        using var browser = await portal.SignInAsync("ada");
        var page = await browser.Client.GetStringAsync("/sign-in", Cancellation);
        using var client = new HttpClient(
            new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = portal.Address };
        using var request = Request(path, browser.Cookie, HttpMethod.Post, origin, site);
        request.Content = Form(page, "user:default/chen");

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(
            origin is null && site is null ? "token" : "origin", await answer.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/catalog", browser.Cookie));
    }

    [Fact]
    public async Task SignOut_WithoutTheFormsToken_IsRefused()
    {
        using var browser = await portal.SignInAsync("ada");
        using var answer = await browser.Client.PostAsync("/sign-out", null, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/catalog", browser.Cookie));
    }

    [Theory]
    [InlineData("same-site", "no-cors", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "cors", HttpStatusCode.Forbidden)]
    [InlineData("same-site", "navigate", HttpStatusCode.OK)]
    [InlineData("none", "navigate", HttpStatusCode.OK)]
    [InlineData("same-origin", "cors", HttpStatusCode.OK)]
    public async Task Page_LookedAtByAScriptOfAnotherOrigin_IsRefused(string site, string mode, HttpStatusCode expected)
    {
        using var browser = await portal.SignInAsync("ada");
        Assert.Equal(expected, await StatusAsync("/catalog", browser.Cookie, site: site, mode: mode));
    }

    private async Task SignOutAsync(Browser browser)
    {
        var page = await browser.Client.GetStringAsync("/catalog", Cancellation);
        using var answer = await browser.Client.PostAsync("/sign-out", Form(page, ""), Cancellation);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }

    private static FormUrlEncodedContent Form(string page, string person) =>
        new([new(
            "person", person), new("returnUrl", "/"), new("__RequestVerificationToken", LivePortal.FormToken(page))]);

    private async Task<HttpStatusCode> StatusAsync(
        string path, string cookie, HttpMethod? method = null, object? origin = null, string? site = null,
        string? mode = null)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = portal.Address };
        using var request = Request(path, cookie, method ?? HttpMethod.Get, Origin(origin), site);
        if (mode is not null) request.Headers.Add("Sec-Fetch-Mode", mode);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private static string? Origin(object? of) => of is Uri uri ? uri.GetLeftPart(UriPartial.Authority) : (string?)of;

    private static HttpRequestMessage Request(
        string path, string cookie, HttpMethod method, string? origin, string? site)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", cookie);
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        return request;
    }

    private static async Task<ClientWebSocket> ConnectAsync(
        Uri address, string cookie, object? origin, string? site = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        if (Origin(origin) is { } from) socket.Options.SetRequestHeader("Origin", from);
        if (site is not null) socket.Options.SetRequestHeader("Sec-Fetch-Site", site);
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancellation);
        return socket;
    }

    private static async Task EndedAsync(ClientWebSocket socket)
    {
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                await socket.ReceiveAsync(new byte[1024], Cancellation)
                    .WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
            }
        }
        catch (WebSocketException)
        {
            // Cut off.
        }
        Assert.NotEqual(WebSocketState.Open, socket.State);
    }
}
