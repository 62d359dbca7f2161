using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Protection;
using Portal.Providers.Tests.Http;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Actions;

/// <summary>Private repositories of an organisation without a paid plan have no protected branches.</summary>
public sealed class PlanLimitTests : IAsyncLifetime
{
    private const string Refusal =
        """{"message":"Upgrade to GitHub Pro or make this repository public to enable this feature.","documentation_url":"https://docs.github.com","status":"403"}""";

    private static readonly ProtectionRules Rules = ProtectionRules.Of([], "enforceAdmins");

    private ScriptedServer server = null!;
    private Plans plans = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        plans = GitHubActionsFixture.Portal(
            ("Type", "GitHub"), ("Address", server.Address.ToString()), ("Token", "ghp_0123456789"));
    }

    public async ValueTask DisposeAsync()
    {
        plans.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Protect_ByDefault_IsToldAndNoMore()
    {
        server.Json(403, Refusal);
        var set = await PerformAsync(isOptional: true);
        Assert.Contains(
            "GitHub does not offer this for shop/orders: Upgrade to GitHub Pro", set.Refused, StringComparison.Ordinal);
        Assert.False((await plans.Get<ProtectionEffect>().PreviewUndoAsync(
            Context, Args(true), set, CancellationToken.None)).IsRemoved);
        await plans.Get<ProtectionEffect>().UndoAsync(
            Context with { Before = """{"branch":"main","protection":null}""" }, Args(true), set,
            CancellationToken.None);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Protect_AskedFor_Fails()
    {
        server.Json(403, Refusal);
        var error = await Assert.ThrowsAsync<ProviderException>(() => PerformAsync(isOptional: false));
        Assert.Equal("github-plan", error.Error.Code);
    }

    [Fact]
    public async Task Protect_OtherRefusal_FailsAlsoByDefault()
    {
        server.Json(
            403,
            """{"message":"Resource not accessible by integration","documentation_url":"https://docs.github.com","status":"403"}""");
        Assert.Equal(
            "github-permission",
            (await Assert.ThrowsAsync<ProviderException>(() => PerformAsync(isOptional: true))).Error.Code);
    }

    private static EffectContext Context => new("id", "mark", Plans.Ada, _ => { });

    private static ProtectionArgs Args(bool isOptional) =>
        new("github", new RepositoryName("shop", "orders"), "main", Rules, isOptional);

    private Task<ProtectionSet> PerformAsync(bool isOptional) =>
        plans.Get<ProtectionEffect>().PerformAsync(Context, Args(isOptional), CancellationToken.None);
}
