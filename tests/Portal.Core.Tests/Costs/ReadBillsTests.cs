using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Costs;
using Portal.Core.Costs.Billing;
using Portal.Core.Data;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Tests.Environments;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Costs;

public sealed class ReadBillsTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Noon);
    private readonly BillReadings readings = new();

    [Fact]
    public async Task Read_NewBill_AttributesEachDayToServiceAndTeam()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync(at: Noon.AddDays(-3));
        shop.Bills.Add(Day(19), 1.25m, id);
        shop.Bills.Add(Day(19), 0.75m, id);
        shop.Bills.Add(Day(20), 2m, id, "USD");
        shop.Bills.Add(Day(20), 9m, null, scope: "rg-shared");

        Assert.Equal(1, await ReadAsync(shop));

        var billed = (await ReportAsync(shop)).Billed;
        Assert.Equal(
            [("component:default/orders", 2m, "EUR"), ("component:default/orders", 2m, "USD")],
            billed.ByComponent.Select(r => (r.Key, r.Amount.Amount, r.Amount.Currency)).Order());
        Assert.All(billed.ByOwner, r => Assert.Equal("group:default/orders", r.Key));
        Assert.Equal([("local", 9m)], billed.Unattributed.Select(r => (r.Key, r.Amount.Amount)));
        Assert.Equal([(11m, "EUR"), (2m, "USD")], billed.Total.Select(m => (m.Amount, m.Currency)));
        Assert.Equal(new BillState("local", Noon, Day(20), Day(21), Day(21), null), Assert.Single(billed.Providers));
    }

    [Fact]
    public async Task Read_Again_TakesOverWhatChangedAndDropsWhatIsGone()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync(at: Noon.AddDays(-3));
        shop.Bills.Add(Day(18), 1m, id);
        shop.Bills.Add(Day(19), 1m, id, scope: "rg-gone");
        await ReadAsync(shop);
        shop.Bills.Bill.Clear();
        shop.Bills.Add(Day(18), 3m, id);
        time.Advance(ReadBills.Freshness);

        Assert.Equal(1, await ReadAsync(shop));

        var rows = await RowsAsync(shop);
        Assert.Equal([(Day(18), 3m, Noon + ReadBills.Freshness)], rows.Select(r => (r.Day, r.Amount, r.ReadAt)));
    }

    [Fact]
    public async Task Read_BeforeTheFiguresAreOld_AsksNobody()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Bills.Add(Day(20), 1m, null);
        await ReadAsync(shop);
        time.Advance(ReadBills.Freshness - TimeSpan.FromSeconds(1));

        Assert.Equal(0, await ReadAsync(shop));
        // Nor does a process that has just started.
        Assert.Equal(0, await new ReadBills(
            shop.Bench.Database, shop.Get<ProviderRegistry>(), new BillReadings(), time,
            NullLogger<ReadBills>.Instance).ExecuteAsync(CancellationToken.None));
        Assert.Single(shop.Bills.Asked);
    }

    [Theory]
    [InlineData(-3, "2026-10-17")]
    [InlineData(-90, "2026-08-23")]
    [InlineData(-900, "2025-11-21")]
    public async Task Read_First_GoesBackToTheOldestEnvironmentWithinReason(int madeDaysAgo, string from)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await shop.HasEnvironmentAsync(at: Noon.AddDays(madeDaysAgo));

        await ReadAsync(shop);

        Assert.Equal(
            (DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), Day(21)),
            Assert.Single(shop.Bills.Asked));
    }

    [Fact]
    public async Task Read_OneProviderIsDown_KeepsItsLastFiguresAndTheOthersGetTheirs()
    {
        var azure = new FakeBills("azure");
        var bills = new FakeBills();
        await using var shop = await Shop.OpenAsync(postgres, more: host => [host, bills, azure]);
        azure.Add(Day(20), 5m, null);
        await ReadAsync(shop);
        bills.Add(Day(20), 1m, null);
        azure.Trouble = ProviderException.Unavailable("billing-down", "Cost Management does not answer.");
        time.Advance(ReadBills.Freshness);

        Assert.Equal(1, await ReadAsync(shop));

        var billed = (await ReportAsync(shop)).Billed;
        Assert.Equal([("azure", 5m), ("local", 1m)], billed.ByProvider.Select(r => (r.Key, r.Amount.Amount)));
        Assert.Equal(
            [("azure", Noon, "Cost Management does not answer."), ("local", Noon + ReadBills.Freshness, null)],
            billed.Providers.Select(p => (p.Provider, p.AsOf!.Value, p.Problem)));
    }

    [Fact]
    public async Task Report_SilentForLong_SaysSoOnEveryReplica()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Bills.Add(Day(20), 1m, null);
        await ReadAsync(shop);
        time.Advance(2 * ReadBills.Freshness + TimeSpan.FromMinutes(1));

        Assert.Equal(
            "local has given no new figures since.",
            (await ReportAsync(shop, new BillReadings())).Billed.Providers[0].Problem);
    }

    [Fact]
    public async Task Report_EnvironmentWhereABillComes_IsMarkedAsAnEstimate()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var (billed, metered) =
            (await shop.HasEnvironmentAsync("dev"), await shop.HasEnvironmentAsync("test", provider: "elsewhere"));
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            db.AddRange(new[] { billed, metered }.Select(id => new UsageInterval
            {
                EnvironmentId = id, Component = "component:default/orders", Owner = "group:default/orders",
                Size = "small", PricePerHour = 1m, Currency = "EUR", From = Noon.AddHours(-2),
            }));
            await db.SaveChangesAsync();
        }

        var report = await ReportAsync(shop);

        Assert.Equal(
            [(billed, true), (metered, false)], report.Working.Select(w => (w.EnvironmentId, w.IsEstimate)).Order());
        Assert.True(Assert.Single(report.ByComponent).IsEstimate);
    }

    [Fact]
    public async Task Read_EnvironmentChangesHands_KeepsTheTeamOfDaysThatAreThere()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync(at: Noon.AddDays(-3));
        shop.Bills.Add(Day(19), 1m, id);
        await ReadAsync(shop);
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            await db.Set<Portal.Core.Environments.PortalEnvironment>()
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.Owner, "group:default/storefront"));
        }
        shop.Bills.Add(Day(20), 1m, id);
        time.Advance(ReadBills.Freshness);

        await ReadAsync(shop);

        Assert.Equal(
            ["group:default/orders", "group:default/storefront"], (await RowsAsync(shop)).Select(r => r.Owner));
    }

    [Fact]
    public async Task Read_TwoEnvironmentsInOneScope_KeepsThemApart()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var (dev, test) = (await shop.HasEnvironmentAsync(
            "dev", at: Noon.AddDays(-3)), await shop.HasEnvironmentAsync("test", at: Noon.AddDays(-3)));
        shop.Bills.Add(Day(19), 1m, dev);
        shop.Bills.Add(Day(19), 2m, test);
        shop.Bills.Add(Day(19), 4m, "unknown-000000");

        await ReadAsync(shop);

        Assert.Equal([(null, 4m), (dev, 1m), (test, 2m)], (await RowsAsync(shop)).Select(
            r => (r.EnvironmentId, r.Amount)).OrderBy(r => r.EnvironmentId, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Read_EnvironmentThatWasGivenBack_KeepsItsDaysAndGetsNoMore()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync(at: Noon.AddDays(-3));
        shop.Bills.Add(Day(19), 1m, id);
        await ReadAsync(shop);
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            await db.Set<Portal.Core.Environments.PortalEnvironment>()
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.DestroyedAt, Noon.AddDays(-1)));
        }
        shop.Bills.Bill.Clear();
        foreach (var day in new[] { 19, 20, 21 }) shop.Bills.Add(Day(day), 1m, null);
        time.Advance(ReadBills.Freshness);

        await ReadAsync(shop);

        Assert.Equal(
            [(Day(19), id), (Day(20), id), (Day(21), null)],
            (await RowsAsync(shop)).Select(r => (r.Day, r.EnvironmentId)));
    }

    [Fact]
    public async Task Read_EnvironmentThatWasThereBefore_CountsFromItsAdoptionOn()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync(at: Noon.AddDays(-1));
        shop.Bills.Add(Day(19), 1m, id);
        shop.Bills.Add(Day(20), 1m, id);

        await ReadAsync(shop);

        Assert.Equal([(Day(19), null), (Day(20), id)], (await RowsAsync(shop)).Select(r => (r.Day, r.EnvironmentId)));
    }

    private static DateOnly Day(int day) => new(2026, 11, day);

    private Task<int> ReadAsync(Shop shop) =>
        new ReadBills(
            shop.Bench.Database, shop.Get<ProviderRegistry>(), readings, time,
            NullLogger<ReadBills>.Instance).ExecuteAsync(CancellationToken.None);

    private async Task<CostReport> ReportAsync(Shop shop, BillReadings? known = null)
    {
        var months = new BilledMonths(shop.Get<ProviderRegistry>(), known ?? readings, time);
        var costs = new ReadCosts(shop.Bench.Database, shop.Get<Portal.Core.Access.Authorise>(), months, time);
        return (await costs.MonthAsync(
            new CostFilter { Month = time.GetUtcNow(), Limit = 100 }, RunBench.Ada, CancellationToken.None)).Value;
    }

    private static async Task<List<BilledDay>> RowsAsync(Shop shop)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        return await db.Set<BilledDay>().AsNoTracking().OrderBy(b => b.Day).ThenBy(b => b.Scope).ToListAsync();
    }
}
