using System.Diagnostics;
using Portal.Core.Providers;
using Portal.Providers.Http;

namespace Portal.Providers.Tests.Http;

/// <summary>Lists in pages, limits that are counted apart, and traces.</summary>
public sealed class PagesAndBucketsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        """<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last" """,
        "https://api.github.com/x?page=2")]
    [InlineData(
        """<https://api.github.com/x?page=1>; rel="prev", <https://api.github.com/x?page=3>; title="a; b"; rel="next" """,
        "https://api.github.com/x?page=3")]
    [InlineData("</x?a=1,2>; rel=next", "/x?a=1,2")]
    [InlineData("""</x>; rel="last next" """, "/x")]
    [InlineData("""<https://api.github.com/x?page=1>; rel="prev" """, null)]
    [InlineData("nothing", null)]
    [InlineData("", null)]
    public void Next_ALinkHeader_IsTheTargetOfNext(
        string header, string? expected) => Assert.Equal(expected, NextPage.Next(header.Trim()));

    [Fact]
    public async Task Pages_WithLinks_AreFollowedAtHomeOnly()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        await using var other = await ScriptedServer.StartAsync();
        fixture.Server.Status(200, ("Link", "</things?page=2>; rel=\"next\"")).Status(
            200, ("Link", $"<{new Uri(other.Address, "/things?page=3")}>; rel=\"next\""));
        var pages = ProviderHttp.PagesAsync(
            next => fixture.Http.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, next ?? new Uri("/things", UriKind.Relative)),
                Cancellation), fixture.Server.Address, Cancellation);
        Assert.Equal(2, await pages.CountAsync(Cancellation));
        Assert.Equal(["GET /things", "GET /things"], fixture.Server.Requests);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Send_OneResourceUsedUp_OthersGoOn()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.MaxRateLimitWaitSeconds = 5);
        fixture.Server.Status(
            200, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "600"), ("x-ratelimit-resource", "search"));
        (await fixture.Http.SendAsync(Counted("shop", "search"), Cancellation)).Dispose();
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.Http.SendAsync(Counted("shop", "search"), Cancellation));
        Assert.Equal("provider-rate-limited", error.Error.Code);
        (await fixture.Http.SendAsync(Counted("shop", "core"), Cancellation)).Dispose();
        (await fixture.Http.SendAsync(Counted("bank", "search"), Cancellation)).Dispose();
        Assert.Equal(3, fixture.Server.Requests.Count);
    }

    [Fact]
    public async Task Send_AskedToPause_AllOfTheAccountDo()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.MaxRateLimitWaitSeconds = 5);
        (await fixture.Http.SendAsync(Counted("shop", "search"), Cancellation)).Dispose();
        fixture.Server.Status(429, ("Retry-After", "600"));
        await Assert.ThrowsAsync<ProviderException>(
            () => fixture.Http.SendAsync(Counted("shop", "core"), Cancellation));
        await Assert.ThrowsAsync<ProviderException>(
            () => fixture.Http.SendAsync(Counted("shop", "search"), Cancellation));
        (await fixture.Http.SendAsync(Counted("bank", "core"), Cancellation)).Dispose();
    }

    [Fact]
    public async Task Send_Traced_NamesInstanceAndAddressWithoutItsQuery()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ProviderTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (fixture.Instance.Equals(activity.GetTagItem("portal.provider"))) ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        fixture.Server.Status(404);
        await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Get, "/things?token=s3cret"));
        var activity = Assert.Single(ended);
        Assert.Equal(($"{fixture.Instance} GET", "refused", 404, ActivityStatusCode.Error),
            (activity.DisplayName, activity.GetTagItem(
                "outcome"), activity.GetTagItem("http.response.status_code"), activity.Status));
        Assert.DoesNotContain(
            "s3cret", string.Join(' ', activity.TagObjects.Select(t => t.Value)), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Counted(string account, string resource) =>
        ProviderHttpFixture.Request(HttpMethod.Get).CountedAs(account, resource);
}
