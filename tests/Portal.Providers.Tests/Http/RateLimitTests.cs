using System.Globalization;
using System.Net;
using Portal.Core.Providers;
using Portal.TestKit;

namespace Portal.Providers.Tests.Http;

/// <summary>The provider's own signals close the instance, and open it again.</summary>
public sealed class RateLimitTests
{
    [Theory]
    [InlineData(429, "GET")]
    [InlineData(429, "POST")]
    [InlineData(503, "POST")]
    [InlineData(403, "POST")]
    public async Task Send_LimitedWithRetryAfter_IsSentAgainWhenThatIsOver(int status, string method)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(status, ("Retry-After", "7"));
        var call = fixture.SendAsync(new HttpMethod(method), body: "x");
        await WaitingAsync(fixture, 1);
        fixture.Time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal((1, false), (fixture.Server.Requests.Count, call.IsCompleted));
        fixture.Time.Advance(TimeSpan.FromSeconds(0.1));
        using var answer = await call;
        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, fixture.Server.Requests.Count));
    }

    [Fact]
    public async Task Send_RetryAfterADate_IsReadByTheProvidersClock()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        var there = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
        fixture.Server.Status(
            429, ("Date", there.ToString("R", CultureInfo.InvariantCulture)),
            ("Retry-After", there.AddSeconds(20).ToString("R", CultureInfo.InvariantCulture)));
        var call = fixture.SendAsync(HttpMethod.Post);
        await WaitingAsync(fixture, 1);
        Assert.Equal(fixture.Time.GetUtcNow().AddSeconds(20), fixture.Gate.OpensAt);
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        (await call).Dispose();
    }

    [Fact]
    public async Task Send_RetryAfterAboveTheBound_FailsAtOnceAndSaysHowLong()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.MaxRateLimitWaitSeconds = 60);
        fixture.Server.Status(429, ("Retry-After", "61"));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var error = await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Post));
            Assert.Equal(
                ("provider-rate-limited", false, true), (error.Error.Code, error.MayHaveHappened, error.IsTransient));
            Assert.Contains("61 s", error.Message, StringComparison.Ordinal);
        }
        // The second was not even sent.
        _ = Assert.Single(fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_LimitedWithoutRetryAfter_IsSentAgainAfterABackOff()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(429);
        (await fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Post))).Dispose();
        Assert.Equal(2, fixture.Server.Requests.Count);
    }

    [Fact]
    public async Task Send_NothingRemains_WaitsForTheReset()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        var reset = DateTimeOffset.UtcNow.AddSeconds(30);
        fixture.Server.Status(200, ("Date", reset.AddSeconds(-30).ToString("R", CultureInfo.InvariantCulture)),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        var call = fixture.SendAsync(HttpMethod.Post);
        await WaitingAsync(fixture, 1);
        fixture.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        (await call).Dispose();
        Assert.Equal(["GET /things", "POST /things"], fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_SomeRemain_NoMoreThanThoseAreUnderWay()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(200, ("x-ratelimit-remaining", "2"), ("x-ratelimit-reset", "40"));
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        var release = new TaskCompletionSource();
        foreach (var _ in Enumerable.Range(0, 2)) fixture.Server.Then(_ => release.Task);
        var calls = Enumerable.Range(0, 3).Select(i => fixture.SendAsync(HttpMethod.Get, $"/{i}")).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Server.Requests.Count == 3), "two of them to arrive");
        Assert.Equal(1, fixture.Gate.Waiting);
        release.SetResult();
        foreach (var call in calls) (await call).Dispose();
    }

    [Fact]
    public async Task Send_SeveralWait_AreLetThroughInTheirOrder()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(200, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30"));
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        // From then on one at a time, so that the order of arrival is the gate's.
        foreach (var _ in Enumerable.Range(0, 5))
        {
            fixture.Server.Status(200, ("x-ratelimit-remaining", "1"), ("x-ratelimit-reset", "30"));
        }
        var calls = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 5; i++)
        {
            calls.Add(fixture.SendAsync(HttpMethod.Get, $"/{i}"));
            await WaitingAsync(fixture, i + 1);
        }
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        foreach (var call in calls) (await call).Dispose();
        Assert.Equal(["GET /things", "GET /0", "GET /1", "GET /2", "GET /3", "GET /4"], fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_PauseIsOver_OneGoesAheadAndTheOthersFollowItsAnswer()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(200, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "10"));
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        var release = new TaskCompletionSource();
        fixture.Server.Then(_ => release.Task);
        var calls = Enumerable.Range(0, 3).Select(i => fixture.SendAsync(HttpMethod.Get, $"/{i}")).ToList();
        await WaitingAsync(fixture, 3);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Server.Requests.Count == 2), "the first to arrive");
        Assert.Equal(2, fixture.Gate.Waiting);
        release.SetResult();
        foreach (var call in calls) (await call).Dispose();
        Assert.Equal(4, fixture.Server.Requests.Count);
    }

    [Fact]
    public async Task Send_CancelledWhileItWaits_IsNotSentAndLetsTheNextThrough()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(200, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "10"));
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        using var source = new CancellationTokenSource();
        var first = fixture.Http.SendAsync(ProviderHttpFixture.Request(HttpMethod.Get, "/first"), source.Token);
        await WaitingAsync(fixture, 1);
        var second = fixture.SendAsync(HttpMethod.Get, "/second");
        await WaitingAsync(fixture, 2);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        (await second).Dispose();
        Assert.Equal(["GET /things", "GET /second"], fixture.Server.Requests);
    }

    private static Task WaitingAsync(ProviderHttpFixture fixture, int count) =>
        Eventually.TrueAsync(() => Task.FromResult(fixture.Gate.Waiting == count), $"{count} calls to wait");
}
