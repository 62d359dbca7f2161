using System.Net;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;

namespace Portal.Providers.Tests.Http;

/// <summary>What is sent again, what is not, and what the caller learns of the outcome.</summary>
public sealed class RetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Send_SafeMethodFailsTwice_IsSentAgain(string method)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(500).Status(502);
        using var answer = await fixture.PassTimeAsync(fixture.SendAsync(new HttpMethod(method)));
        Assert.Equal((HttpStatusCode.OK, 3), (answer.StatusCode, fixture.Server.Requests.Count));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task Send_UnsafeMethodFails_IsSentOnceAndItsOutcomeIsUnknown(string method)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(500);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.PassTimeAsync(fixture.SendAsync(new HttpMethod(method))));
        Assert.Equal(
            (ErrorKind.Unavailable, "provider-failed", true, true),
            (error.Error.Kind, error.Error.Code, error.MayHaveHappened, error.IsTransient));
        _ = Assert.Single(fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_PostWithIdempotencyKey_IsSentAgainWithItsBody()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Status(500).CutHalfWay();
        using var answer =
            await fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Post, body: "order 7", idempotencyKey: true));
        Assert.Equal(Enumerable.Repeat("POST /things order 7", 3), fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_GetThatGoesOnFailing_GivesUpAfterItsRetries()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.MaxRetries = 2);
        fixture.Server.Status(500).Status(500).Status(500);
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Get)));
        Assert.Equal(
            ("provider-failed", false, 3), (error.Error.Code, error.MayHaveHappened, fixture.Server.Requests.Count));
    }

    [Fact]
    public async Task Send_NoRetries_SendsOnce()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.MaxRetries = 0);
        fixture.Server.Status(503);
        await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Get));
        _ = Assert.Single(fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_TimesOutAfterTheWork_OutcomeIsUnknown()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.AttemptTimeoutSeconds = 30);
        fixture.Server.Hang();
        var call = fixture.SendAsync(HttpMethod.Post, body: "x");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Server.Requests.Count == 1), "the request to arrive");
        fixture.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<ProviderException>(() => call);
        Assert.Equal(("provider-timeout", true, true), (error.Error.Code, error.MayHaveHappened, error.IsTransient));
        _ = Assert.Single(fixture.Server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_PostIsCut_OutcomeIsUnknownAndNobodySendsItAgain(bool halfWay)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        // On a connection that was kept.
        fixture.Server.Status(200);
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        _ = halfWay ? fixture.Server.CutHalfWay() : fixture.Server.Cut();
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Post)));
        Assert.Equal(("provider-connection-lost", true), (error.Error.Code, error.MayHaveHappened));
        Assert.Equal(["GET /things", "POST /things"], fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_KeptConnectionEndsAfterAPostWithoutBody_IsSentOnce()
    {
        await using var server = new ClosingServer();
        await using var fixture = await ProviderHttpFixture.StartAsync(address: server.Address);
        (await fixture.SendAsync(HttpMethod.Get)).Dispose();
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Post)));
        Assert.Equal(("provider-connection-lost", true, 1), (error.Error.Code, error.MayHaveHappened, server.Posts));
    }

    [Fact]
    public async Task Send_NobodyListens_CertainlyDidNotHappen()
    {
        Uri gone;
        await using (var server = await ScriptedServer.StartAsync()) gone = server.Address;
        await using var fixture = await ProviderHttpFixture.StartAsync(address: gone);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Post)));
        Assert.Equal(
            (ErrorKind.Unavailable, "provider-unreachable", false, true),
            (error.Error.Kind, error.Error.Code, error.MayHaveHappened, error.IsTransient));
    }

    [Fact]
    public async Task Send_RefusedAfterAnAttemptOfUnknownOutcome_MayStillHaveHappened()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.CutHalfWay().Status(409);
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => fixture.PassTimeAsync(fixture.SendAsync(HttpMethod.Put)));
        Assert.Equal((ErrorKind.Conflict, true), (error.Error.Kind, error.MayHaveHappened));
    }

    [Theory]
    [InlineData(400, ErrorKind.Invalid, "provider-refused")]
    [InlineData(401, ErrorKind.Forbidden, "provider-credentials")]
    [InlineData(403, ErrorKind.Forbidden, "provider-forbidden")]
    [InlineData(404, ErrorKind.NotFound, "provider-not-found")]
    [InlineData(409, ErrorKind.Conflict, "provider-conflict")]
    [InlineData(413, ErrorKind.TooLarge, "provider-too-large")]
    [InlineData(422, ErrorKind.Invalid, "provider-refused")]
    public async Task Send_Refused_IsItsKindAndCertainlyDidNotHappen(int status, ErrorKind kind, string code)
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Json(status, """{ "message": "the colour is unknown" }""");
        var error = await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Post, body: "x"));
        Assert.Equal(
            (kind, code, false, false), (error.Error.Kind, error.Error.Code, error.MayHaveHappened, error.IsTransient));
        Assert.Contains("the colour is unknown", error.Message, StringComparison.Ordinal);
        _ = Assert.Single(fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_RefusedWithWordsOfTheAdapter_HasThem()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Json(409, """{ "message": "name taken" }""");
        var error = await Assert.ThrowsAsync<ProviderException>(() => fixture.Http.SendAsync(
            ProviderHttpFixture.Request(HttpMethod.Post), Cancellation,
            refusal => refusal.Body.Contains("name taken", StringComparison.Ordinal)
                ? Error.Conflict("repository-exists", "Choose another name.")
                : null));
        Assert.Equal("repository-exists", error.Error.Code);
    }

    [Fact]
    public async Task Send_Cancelled_EndsTheAttemptAndIsNoProviderError()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync();
        fixture.Server.Hang();
        using var source = new CancellationTokenSource();
        var call = fixture.Http.SendAsync(ProviderHttpFixture.Request(HttpMethod.Get), source.Token);
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Server.Requests.Count == 1), "the request to arrive");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        _ = Assert.Single(fixture.Server.Requests);
    }

    [Fact]
    public async Task Send_AnswerAboveTheLimit_IsRefused()
    {
        await using var fixture = await ProviderHttpFixture.StartAsync(o => o.MaxAnswerMiB = 1);
        fixture.Server.Then(context => context.Response.Body.WriteAsync(new byte[1_500_000]).AsTask());
        var error = await Assert.ThrowsAsync<ProviderException>(() => fixture.SendAsync(HttpMethod.Get));
        Assert.Equal((ErrorKind.TooLarge, "provider-answer-too-large"), (error.Error.Kind, error.Error.Code));
    }
}
