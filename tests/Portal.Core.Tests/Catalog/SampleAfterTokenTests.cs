using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog;

/// <summary>The commands of a new portal may come in any order.</summary>
public sealed class SampleAfterTokenTests(PostgresFixture postgres)
{
    private const string Sample = """
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: ada }
        spec: { profile: { displayName: Ada Lovelace }, memberOf: [] }
        """;

    [Theory]
    [InlineData("ada", false)]
    [InlineData("ADA", false)]
    [InlineData("ada", true)]
    public async Task Load_PersonHasATokenAlready_IsTheSamplesAndTheTokenWorks(string name, bool administrator)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await bench.Get<People>().IssueTokenAsync(EntityRef.User("somebody"), CancellationToken.None);
        await bench.Get<People>().IssueTokenAsync(EntityRef.User(name), CancellationToken.None);
        var token = await bench.Get<People>().IssueTokenAsync(
            EntityRef.User(name), CancellationToken.None, administrator: administrator);

        await bench.Get<SampleOrganisation>().LoadAsync(Sample, CancellationToken.None);

        await using var db = bench.Database.CreateDbContext();
        Assert.True((await db.Set<CatalogEntity>().SingleAsync(e => e.Key == "user:default/ada")).IsSample);
        Assert.Equal(
            EntityRef.User("ada"), (await bench.Get<AccessTokens>().FindAsync(token, CancellationToken.None))?.Person);
    }

    [Fact]
    public async Task Load_SomebodyHasOneOfItsNames_StaysTheirsAndTheRestIsLoaded()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var theirs = await bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(
                """
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata: { name: checkout }
                spec: { type: website, lifecycle: production, owner: orders }
                """, "url:http://elsewhere/checkout/catalog-info.yaml"), Actor.System, CancellationToken.None);
        Assert.True(theirs.IsOk, theirs.Error?.ToString());

        await bench.Get<SampleOrganisation>().LoadAsync(
            $$"""
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: checkout }
            spec: { type: service, lifecycle: production, owner: orders }
            ---
            {{Sample}}
            """, CancellationToken.None);

        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(
            [("component:default/checkout", false), ("user:default/ada", true)],
            (await db.Set<CatalogEntity>().OrderBy(e => e.Key).ToListAsync()).Select(e => (e.Key, e.IsSample)));
    }
}
