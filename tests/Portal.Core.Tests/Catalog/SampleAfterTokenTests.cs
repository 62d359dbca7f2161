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

    [Fact]
    public async Task Load_PersonHasATokenAlready_IsTheSamplesAndTheTokenWorks()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var token = await bench.Get<People>().IssueTokenAsync(EntityRef.User("ada"), CancellationToken.None);

        await bench.Get<SampleOrganisation>().LoadAsync(Sample, CancellationToken.None);

        await using var db = bench.Database.CreateDbContext();
        Assert.True((await db.Set<CatalogEntity>().SingleAsync(e => e.Key == "user:default/ada")).IsSample);
        Assert.Equal(
            EntityRef.User("ada"), (await bench.Get<AccessTokens>().FindAsync(token, CancellationToken.None))?.Person);
    }
}
