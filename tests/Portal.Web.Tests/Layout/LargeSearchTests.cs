using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Environments;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Environments;
using Portal.Web.Home;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Layout;

/// <summary>What is asked while somebody types, and on every visit of the first page, reads what it shows and no more.</summary>
public sealed class LargeSearchTests : PageTest
{
    private readonly RowCounter counter = new();

    public LargeSearchTests(PostgresFixture postgres)
        : base(postgres)
    {
        counter.CountFor(Services);
        Services.AddScoped<ReadHome>();
    }

    [Theory]
    [InlineData("service-2999")]
    [InlineData("servise 2999")]
    public async Task Search_LargeOrganisation_FindsTheOneAndReadsFew(string typed)
    {
        await StockAsync();
        var entities = new EntitySearch(Services.GetRequiredService<SearchCatalog>(), Services.GetRequiredService<AuthenticationStateProvider>(), Services.GetRequiredService<People>());
        var environments = new EnvironmentSearch(
            Services.GetRequiredService<ReadEnvironments>(), Services.GetRequiredService<AuthenticationStateProvider>(), Services.GetRequiredService<People>());

        var hits = await entities.SearchAsync(typed, 5, CancellationToken.None);
        var running = await environments.SearchAsync(typed, 5, CancellationToken.None);

        Assert.Equal("Service number 2999", hits[0].Title);
        Assert.Equal("service-2999 dev", running[0].Title);
        Assert.InRange(counter.Rows, 1, 600);
    }

    [Fact]
    public async Task Home_LargeOrganisation_ReadsThePersonsOwnAlone()
    {
        await StockAsync();
        var ada = new Actor(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders"), EntityRef.Group("team-7")]);

        var view = await Services.GetRequiredService<ReadHome>().ReadAsync(ada, ada.Keys, CancellationToken.None);

        Assert.Equal(["group:default/team-7"], view.Costs.Select(c => c.Key).Distinct());
        Assert.Equal(60, view.Services.Count(s => s.Owner == "group:default/team-7"));
        Assert.Equal(40, view.Approvals.Count);
        // Services, environments, approvals and a few of the rest.
        Assert.InRange(counter.Rows, 1, 400);
    }

    private async Task StockAsync()
    {
        SignIn("ada");
        await using var db = Db();
        await LargeOrganisation.StockAsync(db, Now);
        counter.Reset();
    }
}
