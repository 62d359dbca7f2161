using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub;

/// <summary>
/// What the real GitHub once answered, through the pipeline: each scenario's requests in their order.
/// </summary>
public sealed class RecordedTests(RecordedTests.Recorded recorded) : IClassFixture<RecordedTests.Recorded>
{
    [Theory]
    [InlineData("create-file")]
    [InlineData("git-refs")]
    [InlineData("branch-protection")]
    [InlineData("errors")]
    [InlineData("rename-repository")]
    public async Task Scenario_Replayed_IsWhatWasRecorded(string scenario)
    {
        await using var portal = await recorded.PortalAsync(scenario);
        var http = portal.GetRequiredKeyedService<ProviderHttp>("recorded");
        // A redirect that the pipeline follows takes the next recorded answer with it.
        for (var exchanges = new Queue<JsonNode>(recorded.ExchangesOf(scenario)); exchanges.TryDequeue(
            out var exchange);)
        {
            using var request = recorded.Request(exchange);
            var status = (int)exchange["status"]!;
            while (status is 301 or 307
                && exchanges.TryDequeue(out var next)) (exchange, status) = (next, (int)next["status"]!);
            if (status < 400)
            {
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(status, (int)answer.StatusCode);
                continue;
            }
            var error = await Assert.ThrowsAsync<ProviderException>(
                () => http.SendAsync(request, TestContext.Current.CancellationToken));
            Assert.Equal(status == 404 ? ErrorKind.NotFound : ErrorKind.Invalid, error.Error.Kind);
            Assert.Contains((string)exchange["response"]!["message"]!, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(
                "0000000000000000000000000000000000000001", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PaginateIssues_ByItsLinks_IsReadToTheEnd()
    {
        await using var portal = await recorded.PortalAsync("paginate-issues");
        var http = portal.GetRequiredKeyedService<ProviderHttp>("recorded");
        var exchanges = recorded.ExchangesOf("paginate-issues").ToList();
        var pages = ProviderHttp.PagesAsync(async next =>
        {
            using var request = recorded.Request(exchanges[0]);
            if (next is not null) request.RequestUri = next;
            return await http.SendAsync(request, TestContext.Current.CancellationToken);
        }, recorded.Address, TestContext.Current.CancellationToken);
        var seen = await pages.Select(p => (int)p.StatusCode).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal((int)HttpStatusCode.OK, seen.Distinct().Single());
        Assert.Equal(exchanges.Count, seen.Count);
    }

    public sealed class Recorded : IAsyncLifetime
    {
        private FixturesServer server = null!;
        private string modules = "";

        /// <summary>Of the scenario that was loaded last.</summary>
        public Uri Address { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            server = await FixturesServer.StartAsync();
            modules = Portal.TestKit.RepositoryRoot.Combine("tests", "Portal.TestKit", "GitHub", "node_modules");
        }

        public async Task<ServiceProvider> PortalAsync(string scenario)
        {
            // As it names itself in what it answers.
            Address = new UriBuilder(await server.LoadAsync(scenario)) { Host = "localhost" }.Uri;
            var services = new ServiceCollection().AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(
                new Microsoft.Extensions.Configuration.ConfigurationManager()).AddLogging();
            services.AddProviderHttp("recorded", Address);
            return services.BuildServiceProvider();
        }

        internal IEnumerable<JsonNode> ExchangesOf(string scenario) =>
            JsonNode.Parse(File.ReadAllText(Path.Combine(
                modules, "@octokit", "fixtures", "scenarios", "api.github.com", scenario,
                "normalized-fixture.json")))!.AsArray().Select(e => e!);

        internal HttpRequestMessage Request(JsonNode exchange)
        {
            var request = new HttpRequestMessage(
                new HttpMethod(((string)exchange["method"]!).ToUpperInvariant()),
                ((string)exchange["path"]!).TrimStart('/'));
            foreach (var (name, value) in exchange["reqheaders"]!.AsObject()) request.Headers.TryAddWithoutValidation(
                name, value!.ToString());
            request.Headers.Host = null;
            if (exchange["body"] is JsonNode body && body is not JsonValue)
            {
                request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            }
            return request;
        }

        public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
