using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Delivery;
using Portal.Core.Shared;
using Portal.Core.Tests.Environments;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Delivery;

public sealed class RerunTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Rerun_ByTheOwner_IsKnownAtOnceAndOnRecord()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var pipelines = shop.Get<ReadPipelines>();

        var again = (await pipelines.RerunAsync("run-1", RunBench.Ada, CancellationToken.None)).Value;

        Assert.True((await pipelines.FindAsync(again, RunBench.Ada, CancellationToken.None)).IsOk);
        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.Equal(
            "Ran pipeline run 1 of orders/orders again",
            (await db.Set<AuditEvent>().SingleAsync(e => e.Action == "pipeline.rerun")).Summary);
    }

    [Fact]
    public async Task Rerun_ByAnotherTeam_IsForbiddenAndStartsNothing()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var ben = new Actor(EntityRef.User("ben"), "Ben", [EntityRef.Group("storefront")]);

        Assert.Equal(
            ErrorKind.Forbidden,
            (await shop.Get<ReadPipelines>().RerunAsync("run-1", ben, CancellationToken.None)).Error!.Kind);
        Assert.Single(shop.Host.Triggered);
    }
}
