using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Web.Shared;

namespace Portal.Web.Tests.Requests;

/// <summary>What is refused is told in words, and what is only unusual is taken.</summary>
public sealed class MalformedAnswersTests(LivePortal portal) : IClassFixture<LivePortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/activity?since=2026-11-01T00:00:00+05:00")]
    [InlineData("/api/v1/activity?since=2026-11-01T00:00:00%2B05:00")]
    [InlineData("/api/v1/activity?since=2026-11-01T00:00:00Z&offset=-3&limit=-3")]
    [InlineData("/api/v1/runs?offset=2147483647")]
    public async Task Get_UnusualValue_IsTaken(string path)
    {
        using var client = await portal.ClientAsync("ada");
        using var answer = await client.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/catalog/entities?search=a%00b", "NUL")]
    [InlineData("/api/v1/catalog/entities?search=%ED%A0%80", "UTF-8")]
    [InlineData("/api/v1/runs?limit=99999999999", "whole number")]
    [InlineData("/api/v1/activity?since=yesterday", "2026-11-25T10:00:00Z")]
    [InlineData("/api/v1/environments/definitions", "component")]
    [InlineData("/api/catalog/entities/by-query?cursor=eyJPZmZzZXQiOi0xfQ==", "first page")]
    public async Task Get_MalformedValue_IsRefusedWithWhatToChange(string path, string words)
    {
        using var client = await portal.ClientAsync("ada");
        using var answer = await client.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"template":"t","values":{"a":1,"a":2}}""", "twice")]
    [InlineData("""{"template":"t","values":{"a":"\u0000"}}""", "NUL")]
    [InlineData("""{"template":"t\u0000"}""", "NUL")]
    [InlineData("""{"template":"t","values":{"a":["\ud800"]}}""", "half of a character")]
    [InlineData("""{"template":"t","values":{"a":1e999}}""", "number")]
    [InlineData("""{"template":"t","template":"u"}""", "$")]
    [InlineData("""{"values":{}}""", "$")]
    [InlineData("""{"template":null}""", "$")]
    public async Task Post_MalformedBody_IsRefusedWithWhatToChange(string body, string words)
    {
        using var client = await portal.ClientAsync("ada");
        using var answer = await client.PostAsync(
            "/api/v1/runs", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/activity?page=many", HttpStatusCode.BadRequest)]
    [InlineData("/activity?page=2147483647", HttpStatusCode.OK)]
    [InlineData("/catalog?page=-5", HttpStatusCode.OK)]
    [InlineData("/create/default/static-site?draft=x", HttpStatusCode.BadRequest)]
    public async Task Page_QueryThatDoesNotFit_IsRefusedAsAPage(string path, HttpStatusCode expected)
    {
        using var browser = await portal.SignInAsync("ada");
        browser.Client.DefaultRequestHeaders.Add("Accept", "text/html");
        using var answer = await browser.Client.GetAsync(path, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("2026-11-25T10:00:00 05:00", "2026-11-25T05:00:00Z")]
    [InlineData("2026-11-25T10:00:00+05:00", "2026-11-25T05:00:00Z")]
    [InlineData("2026-11-25T10:00:00-05:00", "2026-11-25T15:00:00Z")]
    [InlineData("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z")]
    [InlineData("2026-11-25 10:00", "2026-11-25T10:00:00Z")]
    [InlineData("2026-11-25", "2026-11-25T00:00:00Z")]
    public void Moment_AnyOffset_IsUtc(string text, string expected)
    {
        Assert.True(Moment.TryParse(text, out var moment));
        Assert.Equal(DateTimeOffset.Parse(expected), moment.Value);
        Assert.Equal(TimeSpan.Zero, moment.Value.Offset);
    }
}
