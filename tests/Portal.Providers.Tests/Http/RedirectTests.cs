using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Portal.Core.Providers;
using Portal.Providers.Http;

namespace Portal.Providers.Tests.Http;

/// <summary>Things move; credentials stay at home.</summary>
public sealed class RedirectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Send_MovedAtHome_KeepsMethodBodyAndCredentials(int status)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        string? credentials = null;
        fixture.Server.Status(status, ("Location", "/moved")).Then(context =>
        {
            credentials = context.Request.Headers.Authorization;
            return Task.CompletedTask;
        });
        using var answer = await fixture.Http.SendAsync(Signed(HttpMethod.Patch, "body"), Cancellation);
        Assert.Equal(["PATCH /things body", "PATCH /moved body"], fixture.Server.Requests);
        Assert.Equal("Bearer s3cret", credentials);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Send_DownloadElsewhere_IsReadWithoutCredentials(int status)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        await using var other = await ScriptedServer.StartAsync();
        var seen = new HeaderDictionary();
        fixture.Server.Status(status, ("Location", new Uri(other.Address, "/log?sig=1").ToString()));
        other.Then(context =>
        {
            foreach (var header in context.Request.Headers) seen[header.Key] = header.Value;
            return context.Response.WriteAsync("the log");
        });
        using var answer = await fixture.Http.SendAsync(Signed(HttpMethod.Get), Cancellation);
        Assert.Equal("the log", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["GET /log"], other.Requests);
        Assert.False(seen.ContainsKey("Authorization") || seen.ContainsKey("X-Api-Key"));
    }

    [Theory]
    [InlineData("POST", 307)]
    [InlineData("PUT", 308)]
    [InlineData("POST", 302)]
    public async Task Send_ChangeSentElsewhere_IsNotFollowed(string method, int status)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        await using var other = await ScriptedServer.StartAsync();
        fixture.Server.Status(status, ("Location", other.Address.ToString()));
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.Http.SendAsync(Signed(new HttpMethod(method), "body"), Cancellation));
        Assert.Contains($"answered {status}", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Send_InACircle_Ends()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        foreach (var _ in Enumerable.Range(0, 20)) fixture.Server.Status(301, ("Location", "/things"));
        await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Get));
        Assert.Equal(6, fixture.Server.Requests.Count);
    }

    [Fact]
    public async Task Send_RepeatedAfterARedirect_StartsWhereItWasAsked()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(301, ("Location", "/moved")).Status(500);
        (await fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Get))).Dispose();
        Assert.Equal(["GET /things", "GET /moved", "GET /things"], fixture.Server.Requests);
    }

    private static HttpRequestMessage Signed(HttpMethod method, string? body = null)
    {
        var request = ProviderHttpFixture.Request(method, body: body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret");
        request.Headers.Add("X-Api-Key", "s3cret");
        return request;
    }
}
