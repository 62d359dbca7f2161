using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Tests.Environments;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog;

/// <summary>What a list says of how many there are is true, however many there are.</summary>
public sealed class CatalogFacetsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Facets_MoreValuesThanAreListed_SayHowManyThereAreAndKeepWhatIsChosen()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            db.AddRange(Enumerable.Range(0, 152).Select(i => new CatalogEntity
            {
                Key = $"component:default/s{i:000}", Kind = "Component", Namespace = "default", Name = $"s{i:000}",
                Owner = $"group:default/team-{i:000}", Descriptor = "{}", Location = "url:x",
                CreatedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow,
            }));
            await db.SaveChangesAsync();
        }
        var catalog = shop.Get<ReadCatalog>();

        var all = (await catalog.FacetsAsync(
            new CatalogFilter { Kinds = ["Component"] }, Shop.Pat, CancellationToken.None)).Value;
        var chosen = (await catalog.FacetsAsync(
            new CatalogFilter { Kinds = ["Component"], Owners = ["group:default/team-151", "group:default/none"] },
            Shop.Pat, CancellationToken.None)).Value;

        Assert.Equal((100, 153), (all.Owners.Count, all.Totals.Owners));
        Assert.Equal(all.Kinds.Count, all.Totals.Kinds);
        Assert.Contains(new FacetValue("group:default/team-151", 1), chosen.Owners);
        Assert.Contains(new FacetValue("group:default/none", 0), chosen.Owners);
    }
}
