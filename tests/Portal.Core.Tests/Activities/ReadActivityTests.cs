using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Activities;

/// <summary>What the Activity page and its API read of the record.</summary>
public sealed class ReadActivityTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Bo = new(EntityRef.User("bo"), "Bo", []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Filters() => new()
    {
        { "all", ["late", "made", "said", "first"] },
        { "actor", ["made"] },
        { "owner", ["made", "first"] },
        { "owners", ["made", "said", "first"] },
        { "subject", ["said"] },
        { "subjects", ["late", "said"] },
        { "since", ["late"] },
        { "words", ["first"] },
        { "wildcard", [] },
        { "once", ["late", "made", "first"] },
        { "page", ["made", "said"] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task List_Filtered_GivesThoseNewestFirstAndCountsThem(string by, string[] expected)
    {
        var filter = by switch
        {
            "actor" => new ActivityFilter { Actor = "user:default/bo" },
            "owner" => new ActivityFilter { Owner = "group:default/orders" },
            "owners" => new ActivityFilter { Owners = ["group:default/orders", "group:default/billing"] },
            "subject" => new ActivityFilter { Subject = "run:1" },
            "subjects" => new ActivityFilter { Subjects = ["run:1", "component:default/late"] },
            "since" => new ActivityFilter { Since = Noon.AddMinutes(30) },
            "words" => new ActivityFilter { Search = "FIRST" },
            "wildcard" => new ActivityFilter { Search = "%" },
            "once" => new ActivityFilter { EachChangeOnce = true },
            "page" => new ActivityFilter { Offset = 1, Limit = 2 },
            _ => new ActivityFilter(),
        };
        await using var bench = await StockedAsync();

        var page = (await bench.Get<ReadActivity>().ListAsync(filter, RunBench.Ada, Cancellation)).Value;

        Assert.Equal(expected, page.Items.Select(e => e.Summary));
        Assert.Equal(by == "page" ? 4 : expected.Length, page.Total);
    }

    private async Task<RunBench> StockedAsync()
    {
        var time = new FakeTimeProvider(Noon);
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup { Time = time });
        await using var db = bench.Database.CreateDbContext();
        await db.SaveAuditedAsync(
            time, Cancellation,
            new AuditEntry(RunBench.Ada, "entity.created", "component:default/orders", "first",
                EntityRef.Group("orders")),
            new AuditEntry(RunBench.Ada, "environment.create", "run:1", "said", EntityRef.Group("billing")),
            new AuditEntry(Bo, "environment.created", "environment:x", "made", EntityRef.Group("orders")));
        time.Advance(TimeSpan.FromHours(1));
        await db.SaveAuditedAsync(time, Cancellation,
            new AuditEntry(Actor.System, "entity.updated", "component:default/late", "late"));
        return bench;
    }
}
