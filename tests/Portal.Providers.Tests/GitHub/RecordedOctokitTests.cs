using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Access;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Api.Wire;
using Portal.Providers.Http;
using Portal.TestKit.GitHub;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.Tests.GitHub;

/// <summary>What the real GitHub once answered, through Octokit, our handlers and the pipeline.</summary>
public sealed class RecordedOctokitTests(RecordedTests.Recorded recorded) : IClassFixture<RecordedTests.Recorded>
{
    private const string Owner = "octokit-fixture-org";

    private static readonly GitHubCall Call = new(new Account(Owner));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Issues_FivePages_AreAllRead()
    {
        await using var portal = await recorded.PortalAsync("paginate-issues");

        var issues = await Api(portal).ItemsAsync<Issue>(
            Call.Account, $"repos/{Owner}/paginate-issues/issues?per_page=3", Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Numbers("paginate-issues"), issues.Select(i => i.Number));
    }

    [Fact]
    public async Task Repository_Renamed_IsFollowed()
    {
        await using var portal = await recorded.PortalAsync("rename-repository");
        var api = Api(portal);

        await api.CallAsync(Call, octokit => octokit.Repository.Edit(
            Owner, "rename-repository", new RepositoryUpdate { Name = "rename-repository-newname" }), Cancellation);
        var found =
            await api.CallAsync(Call, octokit => octokit.Repository.Get(Owner, "rename-repository"), Cancellation);

        Assert.Equal("rename-repository-newname", found.Name);
    }

    [Fact]
    public async Task Content_OfAFileAndAFolder_IsItsBytesAndNone()
    {
        await using var portal = await recorded.PortalAsync("get-content");

        var (api, name) = (Api(portal), new RepositoryName(Owner, "hello-world"));
        var folder = await api.SendAsync<List<System.Text.Json.JsonElement>>(
            new UntypedCall(HttpMethod.Get, name, $"repos/{name}/contents/"), Cancellation);
        var file = await api.CallAsync(
            Call, octokit => octokit.Repository.Content.GetRawContent(Owner, "hello-world", "README.md"), Cancellation);

        Assert.NotEmpty(folder);
        Assert.StartsWith("# hello-world", System.Text.Encoding.UTF8.GetString(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_OfALabel_SaysWhatGitHubSaid()
    {
        await using var portal = await recorded.PortalAsync("errors");

        var refused = await Assert.ThrowsAsync<ProviderException>(() =>
            Api(portal).SendAsync(new UntypedCall(HttpMethod.Post, Call.Account, $"repos/{Owner}/errors/labels")
        {
            Body = new JsonObject { ["name"] = "foo", ["color"] = "invalid" },
        }, Cancellation));

        Assert.Equal("github-refused", refused.Error.Code);
        Assert.Contains("Validation Failed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("color", refused.Message, StringComparison.Ordinal);
    }

    private GitHubApi Api(ServiceProvider portal)
    {
        var options = new GitHubOptions { Token = FixturesServer.Authorization };
        var handlers = portal.GetRequiredService<IHttpMessageHandlerFactory>();
        var octokit = OctokitClients.Create("recorded", recorded.Address, new StaticToken(
            "0000000000000000000000000000000000000001"),
            () => new AsRecorded(handlers.CreateHandler(ProviderHttpSetup.ClientName("recorded"))),
            TimeProvider.System);
        return new GitHubApi(
            octokit, GitHubAddress.Of(options),
            new CallFailures("recorded", new RefusalWords("recorded", options), TimeProvider.System));
    }

    private IEnumerable<int> Numbers(string scenario) =>
        recorded.ExchangesOf(scenario).SelectMany(e => e["response"]!.AsArray()).Select(i => (int)i!["number"]!);

    /// <summary>The recording knows the headers of its own client.</summary>
    private sealed class AsRecorded(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isRaw = request.Headers.Accept.ToString() == GitHubApi.Raw;
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd(isRaw ? AcceptHeaders.RawContentMediaType : FixturesServer.Accept);
            request.Headers.Authorization =
                System.Net.Http.Headers.AuthenticationHeaderValue.Parse(FixturesServer.Authorization);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
