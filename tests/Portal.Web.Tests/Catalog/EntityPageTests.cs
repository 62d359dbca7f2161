using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Entities;
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
}
