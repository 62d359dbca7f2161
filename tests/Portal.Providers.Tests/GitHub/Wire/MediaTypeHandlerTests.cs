using System.Net;
using System.Net.Http.Headers;
using Octokit;

namespace Portal.Providers.Tests.GitHub.Wire;

/// <summary>What goes over the wire is what GitHub describes, not what Octokit makes of it.</summary>
public sealed class MediaTypeHandlerTests
{
    private readonly WireFixture wire = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_BodyOfOctokits_IsJson()
    {
        wire.Then(HttpStatusCode.Created, """{ "number": 7 }""");

        await wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Issue.Create("shop", "orders", new NewIssue("One")), Cancellation);

        Assert.Equal(
            "application/json; charset=utf-8", Assert.Single(wire.Requests).Content!.Headers.ContentType!.ToString());
        Assert.Contains("\"title\":\"One\"", Assert.Single(wire.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AnyCall_NamesTheVersionAndOneType()
    {
        wire.Then(HttpStatusCode.OK, """{ "number": 7 }""");

        await wire.IssueAsync(Cancellation);

        var headers = Assert.Single(wire.Requests).Headers;
        Assert.Equal("application/vnd.github+json", headers.Accept.ToString());
        Assert.Equal(["2022-11-28"], headers.GetValues("X-GitHub-Api-Version"));
        Assert.Equal("portal", headers.UserAgent.ToString());
    }

    [Fact]
    public async Task Answer_OfGitHubsOwnType_IsReadAsJson()
    {
        wire.Then(HttpStatusCode.OK, """{ "number": 7 }""", "application/vnd.github+json; charset=utf-8");

        Assert.Equal(7, (await wire.IssueAsync(Cancellation)).Number);
    }

    [Theory]
    [InlineData("application/vnd.github.raw+json; charset=utf-8")]
    [InlineData("application/vnd.github.v3.raw")]
    public async Task Raw_BytesThatAreNoText_ComeAsTheyAre(string type)
    {
        byte[] bytes = [0, 255, 128, 10, 13];
        wire.Then((_, _) =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) };
            answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            return Task.FromResult(answer);
        });

        var read = await wire.Api.CallAsync(
            WireFixture.As(), octokit => octokit.Repository.Content.GetRawContent("shop", "orders", "a.bin"),
            Cancellation);

        Assert.Equal(bytes, read);
        Assert.Equal("application/vnd.github.raw+json", Assert.Single(wire.Requests).Headers.Accept.ToString());
    }
}
