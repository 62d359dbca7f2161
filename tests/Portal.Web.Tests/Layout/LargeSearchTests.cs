using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Shared;
using Portal.Web.Environments;
using Portal.Web.GoldenPaths.Fields;
using Portal.Web.Governance;
using Portal.Web.Home;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Layout;

/// <summary>
/// What is asked while somebody types, and on every visit of the first page, reads what it shows and no more.
/// </summary>
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
        var (titles, current) =
            (Services.GetRequiredService<EntityTitles>(), Services.GetRequiredService<CurrentActor>());
        var entities = new EntitySearch(Services.GetRequiredService<SearchCatalog>(), titles, current);
        var environments = new EnvironmentSearch(Services.GetRequiredService<ReadEnvironments>(), titles, current);

        var hits = await entities.SearchAsync(typed, 5, CancellationToken.None);
        var running = await environments.SearchAsync(typed, 5, CancellationToken.None);

        Assert.Equal("Service number 2999", hits[0].Title);
        Assert.Equal("Service number 2999 dev", running[0].Title);
        // Of each source some hundreds, and a title for each environment that is shown.
        Assert.InRange(counter.Rows, 1, 640);
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

    [Fact]
    public async Task Environments_LargeOrganisation_CountsAllAndShowsAPage()
    {
        await StockAsync();
        Services.GetRequiredService<NavigationManager>()
            .NavigateTo("/environments?show=all&type=prod&sort=-status&page=2");

        var page = Render<EnvironmentsPage>();
        Says(page, "1000 found");

        Assert.Equal(["Running 900", "Failed 100"], Facet(page, "Status"));
        Assert.Equal(["dev 2000", "prod 1000"], Facet(page, "Type"));
        Assert.Equal(50, page.FindAll("tbody tr").Count);
        Assert.Contains("51–100 of 1000", Text(page), StringComparison.Ordinal);
        Assert.InRange(counter.Rows, 1, 400);
    }

    [Fact]
    public async Task Choices_OfAPicker_AreFoundBeyondTheFirstHundreds()
    {
        await StockAsync();
        var form = FormDefinition.Parse(Yaml.Parse("""
            properties:
              service: { title: Service, type: string, ui:field: EntityPicker, ui:options: { catalogFilter: { kind: Component, metadata.name: service-999 } } }
            """)[0].Root);
        await using var db = Db();
        await db.Database.ExecuteSqlAsync(
            $$"""update catalog_entities set descriptor = jsonb_build_object('metadata', jsonb_build_object('name', name)) where name = 'service-999'""");

        var choices = await new EntityChoices(
            Services.GetRequiredService<ReadCatalog>(), Services.GetRequiredService<CurrentActor>())
            .FindAsync(
                new FormModel(form, form.ApplyDefaults([]), null).State.Pages[0].Fields[0], text: null,
                CancellationToken.None);

        Assert.Equal(["component:default/service-999"], choices.Select(c => c.Value));
    }

    private static IEnumerable<string> Facet(IRenderedComponent<EnvironmentsPage> page, string title) =>
        page.FindAll("section.facet")
            .Single(f => f.QuerySelector("h2")!.TextContent == title).QuerySelectorAll("li")
            .Select(
                l => $"{l.QuerySelector(".text")!.TextContent} {l.QuerySelector(".count")!.ChildNodes[0].TextContent}");

    private async Task StockAsync()
    {
        SignIn("ada");
        await using var db = Db();
        await LargeOrganisation.StockAsync(db, Now);
        counter.Reset();
    }
}
