using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Tests.Http;

namespace Portal.Providers.Tests.GitHub;

/// <summary>Just after it was created a repository is not everywhere yet at GitHub.</summary>
public sealed class UnreadyRepositoryTests
{
    private const string Repository = """
        { "id": 1, "name": "orders", "full_name": "shop/orders", "private": true, "description": "", "homepage": "urn:portal:run#portal-run=mark-orders", "default_branch": "main",
          "html_url": "https://git.shop.example/shop/orders", "clone_url": "https://git.shop.example/shop/orders.git", "archived": false }
        """;

    [Theory]
    [InlineData(409, "Git Repository is empty.")]
    [InlineData(404, "Not Found")]
    public async Task Create_NotReadyForAMoment_IsWaitedFor(int status, string message)
    {
        await using var server = await ScriptedServer.StartAsync();
        using var portal = GitHubFixture.Register(server.Address.ToString(), TimeProvider.System, ("Token", "ghp_abc"));
        server.Json(200, """{ "login": "shop", "type": "Organization" }""").Json(201, Repository)
            .Json(status, $$"""{ "message": "{{message}}" }""")
            .Json(201, """{ "sha": "t" }""").Json(201, """{ "sha": "c" }""")
            .Json(200, """{ "ref": "refs/heads/main", "object": { "sha": "c" } }""").Json(200, Repository);
        var host = portal.GetServices<IProvider>().OfType<IRepositoryHost>().Single();
        var made = await host.CreateAsync(
            GitHubThings.Request(new RepositoryName("shop", "orders"), ("a", "b")),
            TestContext.Current.CancellationToken);
        Assert.Equal(("c", "mark-orders"), (made.HeadCommit, made.Mark));
        Assert.Equal(2, server.Requests.Count(r => r.Contains("/git/trees", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Create_StaysHidden_NamesThePermissionThatMayBeMissing()
    {
        await using var server = await ScriptedServer.StartAsync();
        using var portal = GitHubFixture.Register(
            server.Address.ToString(), new TestKit.QuickTimeProvider(50), ("Token", "ghp_abc"),
            ("Http:AttemptTimeoutSeconds", "600"));
        server.Json(200, """{ "login": "shop", "type": "Organization" }""").Json(201, Repository);
        foreach (var _ in Enumerable.Range(0, 6)) server.Json(404, """{ "message": "Not Found" }""");
        var host = portal.GetServices<IProvider>().OfType<IRepositoryHost>().Single();
        var error = await Assert.ThrowsAsync<ProviderException>(() => host.CreateAsync(
            GitHubThings.Request(new RepositoryName("shop", "orders"), (".github/workflows/ci.yml", "b")),
            TestContext.Current.CancellationToken));
        Assert.Contains("Workflows: write", error.Message, StringComparison.Ordinal);
    }
}
