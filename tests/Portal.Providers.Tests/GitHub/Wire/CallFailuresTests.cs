using System.Net;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.Providers.Tests.GitHub.Wire;

/// <summary>Octokit's exceptions in the portal's words.</summary>
public sealed class CallFailuresTests
{
    private readonly WireFixture wire = new();

    [Theory]
    [InlineData(400, ErrorKind.Invalid, "provider-refused")]
    [InlineData(401, ErrorKind.Forbidden, "github-credentials")]
    [InlineData(403, ErrorKind.Forbidden, "github-forbidden")]
    [InlineData(404, ErrorKind.NotFound, "provider-not-found")]
    [InlineData(409, ErrorKind.Conflict, "provider-conflict")]
    [InlineData(422, ErrorKind.Invalid, "github-refused")]
    [InlineData(451, ErrorKind.Invalid, "provider-refused")]
    [InlineData(500, ErrorKind.Unavailable, "provider-failed")]
    [InlineData(503, ErrorKind.Unavailable, "provider-failed")]
    public async Task Refusal_EveryStatus_IsAProviderException(int status, ErrorKind kind, string code)
    {
        wire.Then((HttpStatusCode)status, """{ "message": "It says why" }""");

        var refused = await wire.RefusedAsync();

        Assert.Equal(
            (kind, code, status == 503 || status == 500),
            (refused.Error.Kind, refused.Error.Code, refused.IsTransient));
    }

    [Theory]
    [InlineData("""{ "message": "You have exceeded a secondary rate limit" }""")]
    [InlineData("""{ "message": "API rate limit exceeded for installation" }""")]
    [InlineData("""{ "message": "You have triggered an abuse detection mechanism" }""")]
    public async Task Refusal_Limit_IsTransient(string body)
    {
        wire.Then(HttpStatusCode.Forbidden, body, "application/json", ("Retry-After", "60"));

        var refused = await wire.RefusedAsync();

        Assert.Equal(("provider-rate-limited", true), (refused.Error.Code, refused.IsTransient));
        Assert.Contains("60 s", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_AttemptBeforeMayHaveWorked_IsRemembered()
    {
        wire.Then((request, _) =>
        {
            // As the pipeline notes it.
            ProviderCall.Of(request).OutcomeUnknown();
            return Task.FromResult(new HttpResponseMessage(
                HttpStatusCode.UnprocessableEntity) { Content = new StringContent("{}", null, "application/json") });
        });
        wire.Then(HttpStatusCode.UnprocessableEntity);

        Assert.True((await wire.RefusedAsync()).MayHaveHappened);
        Assert.False((await wire.RefusedAsync()).MayHaveHappened);
    }

    [Fact]
    public async Task Refusal_PipelineHasNoAnswer_IsItsOwnException()
    {
        var lost = ProviderException.Transient(
            "provider-connection-lost", "The connection ended.", mayHaveHappened: true);
        wire.Then((_, _) => throw lost);

        Assert.Same(lost, await wire.RefusedAsync());
    }

    [Fact]
    public async Task Refusal_EchoesTheToken_IsRedacted()
    {
        wire.Then(HttpStatusCode.UnprocessableEntity, $$"""{ "message": "Bad token {{WireFixture.Secret}}" }""");
        wire.Then(HttpStatusCode.InternalServerError, $$"""{ "message": "Bad token {{WireFixture.Secret}}" }""");

        Assert.DoesNotContain(WireFixture.Secret, (await wire.RefusedAsync()).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(WireFixture.Secret, (await wire.RefusedAsync()).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>", "text/html")]
    [InlineData("", "text/plain")]
    [InlineData("{", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("""{ "number": 5000000000 }""", "application/json")]
    [InlineData("""{ "number": {} }""", "application/json")]
    public async Task Answer_ThatCannotBeRead_IsSaidWithoutItsText(string body, string type)
    {
        wire.Then(HttpStatusCode.Created, body, type);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Issue.Create("shop", "orders", new NewIssue("One")),
            TestContext.Current.CancellationToken));

        Assert.Equal(("provider-answer-unreadable", true), (refused.Error.Code, refused.MayHaveHappened));
        Assert.Contains(
            "POST https://git.shop.example/api/v3/repos/shop/orders/issues", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_OfAList_IsSaidAsThatOfAnythingElse()
    {
        // Octokit throws its own exception there, without the answer.
        wire.Then(HttpStatusCode.NotFound, """{ "message": "Not Found" }""");

        var refused = await Assert.ThrowsAsync<ProviderException>(() => wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Issue.Labels.GetAllForIssue("shop", "orders", 7),
            TestContext.Current.CancellationToken));

        Assert.Equal((ErrorKind.NotFound, "provider-not-found"), (refused.Error.Kind, refused.Error.Code));
    }

    [Fact]
    public async Task Refusal_ThatOctokitAloneSees_IsUnreadable()
    {
        wire.Then(HttpStatusCode.OK, """{ "enabled": true }""");

        // It expects 204 or 404.
        var refused = await Assert.ThrowsAsync<ProviderException>(() => wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Repository.Collaborator.IsCollaborator("shop", "orders", "ada"),
            TestContext.Current.CancellationToken));

        Assert.Equal("provider-answer-unreadable", refused.Error.Code);
    }

    [Fact]
    public async Task Refusal_OwnWordsOfTheCall_WinOverTheGeneral()
    {
        wire.Then(HttpStatusCode.UnprocessableEntity, """{ "message": "name already exists" }""");

        var refused = await wire.RefusedAsync(WireFixture.As() with { Refusal = r => Error.Conflict("taken", r.Body) });

        Assert.Equal("taken", refused.Error.Code);
    }
}
