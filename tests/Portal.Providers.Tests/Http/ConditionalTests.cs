using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Portal.Providers.Http;

namespace Portal.Providers.Tests.Http;

/// <summary>What has not changed is not sent again.</summary>
public sealed class ConditionalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_NotChanged_IsWhatWasReadBefore()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        var tags = Answers(
            fixture, (200, "first", "\"1\""), (304, "", "\"1\""), (200, "second", "\"2\""), (304, "", "\"2\""));
        Assert.Equal(
            ["first", "first", "second", "second"],
            [await ReadAsync(fixture), await ReadAsync(fixture), await ReadAsync(fixture), await ReadAsync(fixture)]);
        Assert.Equal(["", "\"1\"", "\"1\"", "\"2\""], tags);
    }

    [Fact]
    public async Task Send_AnotherCredentialOrRepresentation_IsReadAnew()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        var tags = Answers(fixture, (200, "ada's", "\"1\""), (200, "alan's", "\"1\""), (200, "raw", "\"1\""));
        Assert.Equal(["ada's", "alan's", "raw"], [await ReadAsync(
            fixture, "ada"), await ReadAsync(fixture, "alan"), await ReadAsync(fixture, "ada", "text/raw")]);
        Assert.Equal(["", "", ""], tags);
    }

    [Fact]
    public async Task Send_NoStore_IsNotKept()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(200, ("ETag", "\"1\""), ("Cache-Control", "no-store"));
        var tags = new List<string>();
        await ReadAsync(fixture);
        fixture.Server.Then(context => Note(context, tags));
        await ReadAsync(fixture);
        Assert.Equal([""], tags);
    }

    [Fact]
    public void Keep_MoreThanFits_ForgetsTheLeastUsed()
    {
        var cache = new AnswerCache(16 * 1024);
        for (var i = 0; i < 100; i++)
        {
            cache.Keep(new AnswerCache.Entry($"{i}", new EntityTagHeaderValue("\"1\""), new byte[1000], null, []));
            Assert.NotNull(cache.Find("0"));
        }
        Assert.InRange(cache.Count, 5, 16);
        Assert.Null(cache.Find("1"));
        cache.Keep(new AnswerCache.Entry("large", new EntityTagHeaderValue("\"1\""), new byte[10_000], null, []));
        Assert.Null(cache.Find("large"));
    }

    private static List<string> Answers(
        ProviderHttpFixture fixture, params (int Status, string Body, string Tag)[] answers)
    {
        var tags = new List<string>();
        foreach (var (status, body, tag) in answers)
        {
            fixture.Server.Then(async context =>
            {
                await Note(context, tags);
                (context.Response.StatusCode, context.Response.Headers.ETag) = (status, tag);
                if (body.Length > 0) await context.Response.WriteAsync(body);
            });
        }
        return tags;
    }

    private static Task Note(HttpContext context, List<string> tags)
    {
        tags.Add(context.Request.Headers.IfNoneMatch.ToString());
        return Task.CompletedTask;
    }

    private static async Task<string> ReadAsync(
        ProviderHttpFixture fixture, string who = "ada", string accept = "text/plain")
    {
        var request = ProviderHttpFixture.Request(HttpMethod.Get);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", who);
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await fixture.Http.SendAsync(request, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }
}
