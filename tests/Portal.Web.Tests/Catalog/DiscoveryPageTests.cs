using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Shared;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Catalog;

public sealed class DiscoveryPageTests : PageTest
{
    public DiscoveryPageTests(PostgresFixture postgres)
        : base(postgres) =>
            Services.AddSingleton<IProvider>(new FakePulls()).AddSingleton<IProvider>(new FakeCatalogSource("local"));

    [Fact]
    public async Task Show_Repositories_SaysWhatBecameOfEach()
    {
        await AddAsync(
            Found("orders/tools"), Found("orders/bad", r => (r.DescriptorPath, r.Problem) =
                ("catalog-info.yaml", "catalog-info.yaml, line 1: apiVersion is missing.")),
            Found("orders/nobodys", r => r.ProposedOwner = null),
            Found("orders/done", r => r.DescriptorPath = "catalog-info.yaml"),
            Found("orders/asked", r => r.PullRequestUrl = "https://forge.example/pulls/1"));

        var page = Open("ada");

        Says(page, "5 found");
        Says(page, "line 1: apiVersion is missing.");
        Says(page, "CODEOWNERS names @orders/orders");
        Says(page, "Nothing tells who owns it");
        Assert.Equal("https://forge.example/pulls/1", page.FindAll("a")
            .Single(a => a.TextContent.Contains("Proposed", StringComparison.Ordinal)).GetAttribute("href"));
        Assert.Single(page.FindAll("button"), b => b.TextContent.Trim() == "Propose catalog-info.yaml");
        Assert.False(HasButton(page, "Propose for all"));
    }

    [Fact]
    public async Task Propose_OwnTeamsRepository_GoesToTheRunThatOpensThePullRequest()
    {
        await AddAsync(Found("orders/tools"));
        var page = Open("ada");

        await OnAsync(page, () => Button(page, "Propose catalog-info.yaml"), e => e.ClickAsync());

        page.WaitForState(() => At.Contains("/runs/", StringComparison.Ordinal));
        await using var db = Db();
        Assert.Equal(Guid.Parse(At.Split('/')[^1]), (await db.Set<Run>().SingleAsync()).Id);
    }

    [Fact]
    public async Task Propose_AnotherTeamsRepository_HasNoButton()
    {
        await AddAsync(Found("orders/tools"));

        var page = Open("ben");

        Says(page, "for orders or the platform team to propose");
        Assert.False(HasButton(page, "Propose catalog-info.yaml"));
    }

    [Fact]
    public async Task ProposeForAll_ByThePlatformTeam_StartsARunEach()
    {
        await AddAsync(Found("orders/one"), Found("orders/two"));
        var page = Open("pat");

        await OnAsync(page, () => Button(page, "Propose for all"), e => e.ClickAsync());

        page.WaitForState(() => At.EndsWith("/runs", StringComparison.Ordinal));
        await using var db = Db();
        Assert.Equal(2, await db.Set<Run>().CountAsync());
    }

    [Fact]
    public void Show_NothingFound_SaysWhatWillBeHere() => Says(Open("ada"), "No repository was found yet");

    private IRenderedComponent<DiscoveryPage> Open(string person)
    {
        SignIn(person);
        return Render<DiscoveryPage>();
    }

    private static FoundRepository Found(string name, Action<FoundRepository>? change = null)
    {
        var row = new FoundRepository
        {
            Provider = "local", Repository = name, WebUrl = $"https://forge.example/{name}", DefaultBranch = "main",
            HeadCommit = "1", ProposedOwner = "orders", ProposedOwnerIsTeam = true,
            ProposedOwnerReason = "CODEOWNERS names @orders/orders for everything", SeenAt = Now,
        };
        change?.Invoke(row);
        return row;
    }
}
