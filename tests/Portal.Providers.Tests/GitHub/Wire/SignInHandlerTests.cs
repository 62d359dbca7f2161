using System.Net;
using Octokit;
using Portal.Providers.GitHub.Access;
using Portal.Providers.Http;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.Tests.GitHub.Wire;

/// <summary>Each call is made as its own account, and a token that ended is replaced once.</summary>
public sealed class SignInHandlerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OfTwoAccounts_EachHasItsTokenAndLimit()
    {
        var wire = new WireFixture(credentials: new Tokens());

        await Task.WhenAll(((string[])["shop", "bank"]).Select(login => wire.Api.DoAsync(
            WireFixture.As(login), octokit => octokit.Repository.Delete(login, "orders"), Cancellation)));

        Assert.All(wire.Requests, r => Assert.Equal(
            r.RequestUri!.Segments[^2].TrimEnd('/'), RateBucket.Of(r).Account));
        Assert.All(
            wire.Requests, r => Assert.Equal($"{RateBucket.Of(r).Account}-1", r.Headers.Authorization!.Parameter));
    }

    [Fact]
    public async Task Call_TokenEnded_IsSentAgainOnceWithTheNext()
    {
        var tokens = new Tokens();
        var wire = new WireFixture(credentials: tokens);
        wire.Then(HttpStatusCode.Unauthorized).Then(HttpStatusCode.Created, """{ "number": 7 }""");
        wire.Then(HttpStatusCode.Unauthorized).Then(HttpStatusCode.Unauthorized);

        await wire.Api.DoAsync(
            WireFixture.As(), octokit => octokit.Issue.Create("shop", "orders", new NewIssue("One")), Cancellation);
        var refused = await wire.RefusedAsync();

        Assert.Equal("github-credentials", refused.Error.Code);
        Assert.Equal(4, wire.Requests.Count);
        Assert.Equal(3, tokens.Count);
        Assert.All(wire.Bodies, b => Assert.Contains("One", b, StringComparison.Ordinal));
    }

    private sealed class Tokens : IGitHubCredentials
    {
        public int Count { get; private set; } = 1;

        public ValueTask<string> TokenAsync(Account account, CancellationToken cancellation) =>
            ValueTask.FromResult($"{account.Login}-{Count}");

        public string LimitOf(Account account) => account.Login;

        public bool Expire(Account account, string token)
        {
            Count++;
            return true;
        }
    }
}
