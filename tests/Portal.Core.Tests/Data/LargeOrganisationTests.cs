using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Environments;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Data;

/// <summary>
/// What grows with the organisation is counted, narrowed and paged by the database: only what is shown comes over the
/// line.
/// </summary>
public sealed class LargeOrganisationTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Kim = new(
        EntityRef.User("kim"), "Kim", [EntityRef.Group("team-7"), EntityRef.Group("Team-10")]);
    private readonly RowCounter counter = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfOwners_LargeOrganisation_ReadsTheirRowsAlone()
    {
        await using var bench = await OpenAsync();
        IReadOnlyList<string> mine = ["user:default/kim", "group:default/team-7"];

        var rows = (await bench.Get<ReadCosts>().OfOwnersAsync(mine, Kim, Cancellation)).Value;

        Assert.InRange(counter.Rows, 1, 200);
        Assert.Equal(["EUR", "USD"], rows.Select(r => r.SoFar.Currency).Order());
        await using var db = bench.Database.CreateDbContext();
        var intervals =
            await db.Set<UsageInterval>().Where(u => u.Owner == "group:default/team-7").ToListAsync(Cancellation);
        var month = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.All(rows, r => Assert.Equal(
            (intervals.Where(u => u.Currency == r.SoFar.Currency).Sum(
                u => u.Cost(month, Noon).Amount), intervals.Count(u => u.Currency == r.SoFar.Currency && u.To is null)),
            (r.SoFar.Amount, r.Running), Near));
    }

    [Fact]
    public async Task Month_LargeOrganisation_AddsUpInTheDatabaseAndPagesTheIntervals()
    {
        await using var bench = await OpenAsync();
        var costs = bench.Get<ReadCosts>();
        var month = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

        var report = (await costs.MonthAsync(
            new CostFilter { Month = Noon, Component = "component:default/service-8", Offset = 1, Limit = 1 }, Kim,
            Cancellation)).Value;

        Assert.InRange(counter.Rows, 1, 50);
        Assert.Equal((1, 2), (report.Working.Count, report.WorkingTotal));
        var all = (await costs.MonthAsync(new CostFilter { Month = Noon }, Kim, Cancellation)).Value;
        await using var db = bench.Database.CreateDbContext();
        var intervals = await db.Set<UsageInterval>().ToListAsync(Cancellation);
        foreach (var total in all.Total)
        {
            Assert.Equal(
                (intervals.Where(u => u.Currency == total.Currency).Sum(u => u.Cost(month, Noon).Amount), 0),
                (total.Amount, 0), Near);
        }
        Assert.Equal(
            (intervals.Sum(u => u.Cost(month, month.AddMonths(1)).Amount), intervals.Count(u => u.To is null)),
            (all.ByOwner.Sum(r => r.Forecast.Amount), all.ByComponent.Sum(r => r.Running)), Near);
        Assert.Empty(all.Working);
    }

    [Fact]
    public async Task Approvals_LargeOrganisation_ReadsThoseAskedOfThePersonAlone()
    {
        await using var bench = await OpenAsync();

        var mine = (await bench.Get<ReadRuns>().ApprovalsForAsync(Kim, Cancellation)).Value;

        // Team 7's: every fiftieth from 7 on, of which none is Kim's own. Team 10's are all Kim's own.
        Assert.Equal(LargeOrganisation.Runs / 50, mine.Count);
        Assert.Equal(mine.OrderBy(a => a.CreatedAt), mine);
        Assert.All(mine, a => Assert.Equal("user:default/bo", a.CreatedBy));
        Assert.InRange(counter.Rows, mine.Count, mine.Count + 100);
    }

    [Fact]
    public async Task Approvals_WrittenByTheReleaseBefore_AreFoundAllTheSame()
    {
        await using var bench = await OpenAsync();
        await using var db = bench.Database.CreateDbContext();
        await db.Set<Run>().Where(r => r.Title == "Run 57").ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Approvers, (string[]?)null), Cancellation);

        var mine = (await bench.Get<ReadRuns>().ApprovalsForAsync(Kim, Cancellation)).Value;

        Assert.Contains(mine, a => a.Title == "Run 57");
    }

    [Theory]
    [InlineData("service-2999", "service-2999")]
    [InlineData("number 2999", "service-2999")]
    [InlineData("servcie-2999", "service-2999")]
    [InlineData("the-odd-one", "the-odd-one")]
    [InlineData("paymnets", "payments")]
    [InlineData("paymetns", "payments")]
    [InlineData("ledgre", "ledger")]
    [InlineData("edger", "ledger")]
    [InlineData("too", "the-odd-one")]
    [InlineData("____", null)]
    [InlineData("p.*s", null)]
    public async Task SearchCatalog_LargeOrganisation_FindsItAmongFewCandidates(string typed, string? found)
    {
        await using var bench = await OpenAsync();
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Database.ExecuteSqlAsync(
                $$"""
                insert into catalog_entities (id, key, kind, namespace, name, owner, tags, descriptor, location, is_sample, created_at, updated_at)
                select gen_random_uuid(), 'component:default/' || n, 'Component', 'default', n, 'group:default/x', '{}', '{}', 'url:x', false, now(), now()
                from unnest(array['the-odd-one', 'payments', 'ledger']) n
                """, Cancellation);
        }

        var candidates = await bench.Get<SearchCatalog>().CandidatesAsync(typed, 5, Kim, Cancellation);

        Assert.InRange(counter.Rows, 0, 400);
        if (found is null) Assert.DoesNotContain(candidates, c => c.Ref.Name == "payments");
        else Assert.Contains(candidates, c => c.Ref.Name == found);
    }

    [Fact]
    public async Task SearchEnvironments_LargeOrganisation_FindsTheOldestToo()
    {
        await using var bench = await OpenAsync();

        var candidates = await bench.Get<ReadEnvironments>().CandidatesAsync("servise-2999", 5, Kim, Cancellation);

        Assert.Contains(candidates, e => e.Id == "service-2999-dev");
        Assert.InRange(counter.Rows, 1, 400);
    }

    [Fact]
    public async Task EnvironmentFacets_LargeOrganisation_CountAllOfThem()
    {
        await using var bench = await OpenAsync();
        var environments = bench.Get<ReadEnvironments>();
        var filter =
            new EnvironmentFilter { Types = ["prod"], Sort = EnvironmentSort.Name, Descending = false, Limit = 50 };

        var facets = (await environments.FacetsAsync(filter, Kim, Cancellation)).Value;
        var page = (await environments.ListAsync(filter, Kim, Cancellation)).Value;

        Assert.Equal([new FacetValue("Running", 900), new FacetValue("Failed", 100)], facets.Statuses);
        Assert.Equal([new FacetValue("dev", 2_000), new FacetValue("prod", 1_000)], facets.Types);
        Assert.Equal((50, 1_000), (facets.Owners.Count, facets.Owners.Sum(o => o.Count)));
        Assert.Equal((50, 1_000), (page.Items.Count, page.Total));
        Assert.Equal(
            page.Items.Select(e => e.Component).Order(StringComparer.Ordinal), page.Items.Select(e => e.Component));
        Assert.InRange(counter.Rows, 1, 250);
    }

    /// <summary>Sums of numbers that are rounded at other places.</summary>
    private static bool Near((decimal, int) left, (decimal, int) right) =>
        left.Item2 == right.Item2 && Math.Abs(left.Item1 - right.Item1) < 0.000001m;

    private async Task<RunBench> OpenAsync()
    {
        var bench = await RunBench.CreateAsync(
            postgres, new BenchSetup { Time = new FakeTimeProvider(Noon), More = counter.CountFor });
        await using (var db = bench.Database.CreateDbContext()) await LargeOrganisation.StockAsync(db, Noon);
        counter.Reset();
        return bench;
    }
}
