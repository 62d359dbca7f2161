using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Shared;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Catalog;

/// <summary>The page of a service.</summary>
public sealed class EntityPageTests : PageTest
{
    public EntityPageTests(PostgresFixture postgres)
        : base(postgres) => Services.AddScoped<ReadService>().AddSingleton<CloneCommands>();

    [Fact]
    public async Task Page_DescriptorThatWasRejected_SaysWhyAndWhatItShows()
    {
        await using var db = Db();
        var entity = await db.Set<CatalogEntity>().SingleAsync(e => e.Key == "component:default/orders");
        await AddAsync(new FoundRepository
        {
            Provider = Host.Instance, Repository = entity.Repository!, RepositoryId = entity.RepositoryId,
            WebUrl = "http://host/orders", DefaultBranch = "main", SeenAt = Now,
            Problem = "catalog-info.yaml, line 3: metadata.name is missing.",
        });
        SignIn("ada");

        var page = Render<EntityPage>(p => p
            .Add(e => e.Kind, "component").Add(e => e.Namespace, "default").Add(e => e.Name, "orders"));

        Says(page, "Its descriptor was rejected");
        Says(page, "catalog-info.yaml, line 3: metadata.name is missing.");
        Says(page, "This page shows what was read before.");
    }

    [Fact]
    public async Task Relations_AreDrawnWithLinksAndListedInWords()
    {
        var done = await Services.GetRequiredService<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(
                """
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata: { name: web, title: "Web <shop> of the whole company" }
                spec: { type: website, lifecycle: production, owner: orders, dependsOn: [component:default/orders] }
                """, "url:http://x/catalog-info.yaml"), Actor.System, CancellationToken.None);
        Assert.True(done.IsOk, done.Error?.ToString());
        SignIn("ada");
        Services.GetRequiredService<NavigationManager>().NavigateTo("/catalog/component/default/orders?tab=relations");

        var page = Render<EntityPage>(p => p
            .Add(e => e.Kind, "component").Add(e => e.Namespace, "default").Add(e => e.Name, "orders"));

        Says(page, "Needed by");
        var drawn = page.FindAll(".dependencies svg a");
        Assert.Equal(
            [("/catalog/component/default/web", null), ("/catalog/component/default/orders", "page")],
            drawn.Select(a => (a.GetAttribute("href")!, a.GetAttribute("aria-current"))));
        Assert.Equal("Web <shop> of the wh…", drawn[0].QuerySelector("text.name")!.TextContent);
        Assert.Single(page.FindAll(".dependencies path.line"));
    }
}
