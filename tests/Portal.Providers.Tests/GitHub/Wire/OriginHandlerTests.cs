using System.Net;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.Tests.GitHub.Wire;

/// <summary>Wherever an answer leads, the token stays below the instance's API.</summary>
public sealed class OriginHandlerTests
{
    private readonly WireFixture wire = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://evil.example/api/v3/repos/shop/orders/issues?page=2")]
    [InlineData("http://git.shop.example/api/v3/repos/shop/orders/issues?page=2")]
    [InlineData("https://git.shop.example:8443/api/v3/repos/shop/orders/issues?page=2")]
    [InlineData("https://git.shop.example.evil.example/api/v3/issues?page=2")]
    [InlineData("//evil.example/api/v3/issues?page=2")]
    [InlineData("https://git.shop.example/login?page=2")]
    public async Task List_NextPageElsewhere_EndsThere(string next)
    {
        wire.Then(HttpStatusCode.OK, """[{ "number": 1 }]""", "application/json", ("Link", $"<{next}>; rel=\"next\""));
        wire.Then(HttpStatusCode.OK, """[{ "number": 1 }]""", "application/json", ("Link", $"<{next}>; rel=\"next\""));

        var octokits = await wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Issue.GetAllForRepository("shop", "orders"), Cancellation);
        var ours = await wire.Api.ItemsAsync<Issue>(new Account("shop"), "repos/shop/orders/issues", Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal((1, 1, 2), (octokits.Count, ours.Count, wire.Requests.Count));
    }

    [Theory]
    [InlineData("<https://git.shop.example/api/v3/repositories/1/issues?page=2>; rel=\"next\"")]
    [InlineData("<repositories/1/issues?page=2>; rel=next")]
    [InlineData(
        "<https://git.shop.example/api/v3/repositories/1/issues?labels=a,b&page=2>; rel=\"next\", <https://git.shop.example/x>; rel=\"last\"")]
    [InlineData("</api/v3/a>; rel=\"prev\", </api/v3/a>; rel=\"prev\", </api/v3/issues?after=abc%3D>; rel=\"next\"")]
    public async Task List_NextPageAtHome_IsRead(string link)
    {
        wire.Then(HttpStatusCode.OK, """[{ "number": 1 }]""", "application/json", ("Link", link)).Then(
            HttpStatusCode.OK, """[{ "number": 2 }]""");
        wire.Then(HttpStatusCode.OK, """[{ "number": 1 }]""", "application/json", ("Link", link)).Then(
            HttpStatusCode.OK, """[{ "number": 2 }]""");

        var octokits = await wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Issue.GetAllForRepository("shop", "orders"), Cancellation);
        var ours = await wire.Api.ItemsAsync<Issue>(new Account("shop"), "repos/shop/orders/issues", Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal([1, 2], octokits.Select(i => i.Number));
        Assert.Equal([1, 2], ours.Select(i => i.Number));
        Assert.All(wire.Requests, r => Assert.StartsWith(
            "https://git.shop.example/api/v3/", r.RequestUri!.AbsoluteUri, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(301, "https://evil.example/")]
    [InlineData(307, "https://evil.example/api/v3/repos/shop/orders/issues")]
    [InlineData(302, "https://git.shop.example/api/v3/elsewhere")]
    public async Task Redirect_ThatThePipelineLeaves_IsAFailureAndNoNextRequest(int status, string target)
    {
        wire.Then((HttpStatusCode)status, "", "text/html", ("Location", target));

        var refused = await wire.RefusedAsync();

        Assert.Equal("provider-refused", refused.Error.Code);
        Assert.Contains($"{status}", refused.Message, StringComparison.Ordinal);
        Assert.Single(wire.Requests);
    }

    [Fact]
    public async Task Call_PathThatLeavesTheApi_IsNotSent()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => wire.Api.GetAsync<Issue>(new Account("shop"), "../../login", Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => wire.Api.GetAsync<Issue>(new Account("shop"), "https://evil.example/", Cancellation));

        Assert.Empty(wire.Requests);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task Call_NameThatIsAStep_IsRefused(string name)
    {
        // It would be DELETE repos/shop/orders: the repository.
        var refused = await Assert.ThrowsAsync<ProviderException>(() =>
            wire.Api.RemoveEnvironmentAsync(new RepositoryName("shop", "orders"), name, Cancellation));
        await Assert.ThrowsAsync<ProviderException>(() => wire.Api.DeleteBranchAsync(
            new RepositoryName("shop", "orders"), $"{name}/{name}/main", Cancellation));

        Assert.Equal("github-name", refused.Error.Code);
        Assert.Empty(wire.Requests);
    }
}
