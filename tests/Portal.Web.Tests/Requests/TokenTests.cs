using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.TestKit;

namespace Portal.Web.Tests.Requests;

/// <summary>Tokens are listed, end, are taken away, and go with their person.</summary>
public sealed class TokenTests(LivePortal portal) : IClassFixture<LivePortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_OverTheApi_IsListedWithNameEndAndLastUse()
    {
        using var ada = await portal.ClientAsync("ada");
        var made = await CreateAsync(ada, new { name = "laptop", days = 7 });
        using var laptop = Client(made["token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await laptop.GetAsync("/api/v1/me", Cancellation)).StatusCode);

        var shown = (await ada.GetFromJsonAsync<JsonObject>("/api/v1/tokens", Cancellation))!["items"]!.AsArray()
            .Single(t => t!["id"]!.GetValue<string>() == made["id"]!.GetValue<string>())!;

        Assert.Equal("laptop", shown["name"]!.GetValue<string>());
        Assert.InRange(
            shown["endsAt"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow, TimeSpan.FromDays(6.9),
            TimeSpan.FromDays(7.1));
        Assert.NotNull(shown["lastUsedAt"]);
        Assert.DoesNotContain("portal_", shown.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_OwnToken_EndsItOnEveryReplicaAtOnce()
    {
        await using var second = await portal.StartReplicaAsync();
        var there = second.Services.GetRequiredService<AccessTokens>();
        using var ada = await portal.ClientAsync("ada");
        var made = await CreateAsync(ada, new { name = "gone" });
        var text = made["token"]!.GetValue<string>();
        Assert.NotNull(await there.FindAsync(text, Cancellation));
        using var gone = Client(text);
        Assert.Equal(HttpStatusCode.OK, (await gone.GetAsync("/api/v1/me", Cancellation)).StatusCode);

        using var revoked = await ada.DeleteAsync($"/api/v1/tokens/{made["id"]}", Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gone.GetAsync("/api/v1/me", Cancellation)).StatusCode);
        await Eventually.TrueAsync(
            async () => await there.FindAsync(text, Cancellation) is null, "the end to be heard of",
            TimeSpan.FromSeconds(5));
        await second.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Revoke_TokenOfSomebodyElse_OnlyByWhoAdministers()
    {
        using var ada = await portal.ClientAsync("ada");
        using var ben = await portal.ClientAsync("ben");
        using var chen = await portal.ClientAsync("chen");
        var id = (await CreateAsync(ada, new { name = "mine" }))["id"];

        Assert.Equal(HttpStatusCode.NotFound, (await ben.DeleteAsync($"/api/v1/tokens/{id}", Cancellation)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await ben.GetAsync("/api/v1/tokens?person=user:default/ada", Cancellation)).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await chen.GetAsync("/api/v1/tokens?person=user:default/ada", Cancellation)).StatusCode);
        Assert.Equal(
            HttpStatusCode.NoContent, (await chen.DeleteAsync($"/api/v1/tokens/{id}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Create_ThroughATokenThatEndsSooner_EndsWithIt()
    {
        using var ada = await portal.ClientAsync("ada");
        var parent = await CreateAsync(ada, new { days = 1 });
        using var through = Client(parent["token"]!.GetValue<string>());
        var child = await CreateAsync(through, new { days = 300 });
        Assert.Equal(parent["endsAt"]!.GetValue<DateTimeOffset>(), child["endsAt"]!.GetValue<DateTimeOffset>());
    }

    [Theory]
    [InlineData("""{"days":0}""")]
    [InlineData("""{"days":366}""")]
    [InlineData("""{"days":-1}""")]
    [InlineData("""{"name":"a\nb"}""")]
    public async Task Create_WithWhatIsNotPossible_IsRefusedInWords(string body)
    {
        using var ada = await portal.ClientAsync("ada");
        using var answer =
            await ada.PostAsync("/api/v1/tokens", new StringContent(body, null, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Use_AfterItsEnd_IsRefused()
    {
        var text = await portal.TokenAsync("ada");
        var hash = AccessToken.HashOf(text);
        await using var db = await Contexts.CreateDbContextAsync(Cancellation);
        await db.Set<AccessToken>().Where(t => t.Hash == hash).ExecuteUpdateAsync(
            t => t.SetProperty(r => r.EndsAt, DateTimeOffset.UtcNow.AddSeconds(-1)), Cancellation);
        using var late = Client(text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await late.GetAsync("/api/v1/me", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Use_OfAPersonWhoIsGone_IsRefusedAlsoWhenTheNameComesBack()
    {
        var name = $"leaver{Guid.NewGuid():N}"[..20];
        var text = await portal.TokenAsync(name);
        await using var db = await Contexts.CreateDbContextAsync(Cancellation);
        await db.Set<CatalogEntity>().Where(e => e.Key == EntityRef.User(name).Key).ExecuteDeleteAsync(Cancellation);
        using var leaver = Client(text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await leaver.GetAsync("/api/v1/me", Cancellation)).StatusCode);

        var again = await portal.TokenAsync(name);

        using var newcomer = Client(again);
        Assert.Equal(HttpStatusCode.Unauthorized, (await leaver.GetAsync("/api/v1/me", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await newcomer.GetAsync("/api/v1/me", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Page_OfTokens_ShowsThemWithoutTheirText()
    {
        using var ada = await portal.ClientAsync("ada");
        await CreateAsync(ada, new { name = "seen on the page" });
        using var browser = await portal.SignInAsync("ada");
        var page = await browser.Client.GetStringAsync("/access-tokens", Cancellation);
        Assert.Contains("seen on the page", page, StringComparison.Ordinal);
        Assert.DoesNotContain("portal_", page, StringComparison.Ordinal);
    }

    private IDbContextFactory<PortalDbContext> Contexts =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    private HttpClient Client(string token) => new()
    {
        BaseAddress = portal.Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) }
    };

    private static async Task<JsonObject> CreateAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/tokens", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }
}
