using System.Net;
using Octokit;
using Portal.Providers.Http;

namespace Portal.Providers.Tests.GitHub.Wire;

/// <summary>What Octokit's methods take no parameter for reaches the request all the same.</summary>
public sealed class CallHandlerTests
{
    private readonly WireFixture wire = new();

    [Fact]
    public async Task Cancel_WhileTheRequestIsUnderWay_EndsIt()
    {
        var underWay = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        wire.Then(async (_, token) =>
        {
            underWay.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });

        var call = wire.IssueAsync(cancel.Token);
        await underWay.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_WithoutCancellation_HasNoTimeOutOfOctokits()
    {
        var canEnd = true;
        wire.Then((_, token) =>
        {
            canEnd = token.CanBeCanceled;
            return Task.FromResult(new HttpResponseMessage(
                HttpStatusCode.OK) { Content = new StringContent("{ \"number\": 7 }", null, "application/json") });
        });

        await wire.IssueAsync(CancellationToken.None);

        Assert.False(canEnd);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ToBeRepeatedOrNot_IsSaidToThePipeline(bool isRepeatable)
    {
        await wire.Api.DoAsync(
            WireFixture.As() with { IsRepeatable = isRepeatable },
            octokit => octokit.Actions.Workflows.Runs.Cancel("shop", "orders", 7),
            TestContext.Current.CancellationToken);

        Assert.Equal(isRepeatable, ProviderCall.Of(Assert.Single(wire.Requests)).IsSafeToRepeat);
    }

    [Fact]
    public async Task Call_PastGitHubApi_IsNotSent()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => wire.Client.Issue.Get("shop", "orders", 7));

        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task Call_WithinAnother_DoesNotChangeIt()
    {
        wire.Then(HttpStatusCode.OK, """{ "number": 1 }""").Then(HttpStatusCode.OK, """{ "number": 2 }""").Then(
            HttpStatusCode.OK, """{ "number": 3 }""");

        await wire.Api.CallAsync(WireFixture.As() with { IsRepeatable = true }, async octokit =>
        {
            await octokit.Issue.Create("shop", "orders", new NewIssue("One"));
            await wire.Api.CallAsync(
                WireFixture.As(), inner => inner.Issue.Create("shop", "orders", new NewIssue("Two")),
                TestContext.Current.CancellationToken);
            return await octokit.Issue.Create("shop", "orders", new NewIssue("Three"));
        }, TestContext.Current.CancellationToken);

        Assert.Equal([true, false, true], wire.Requests.Select(r => ProviderCall.Of(r).IsSafeToRepeat));
    }
}
