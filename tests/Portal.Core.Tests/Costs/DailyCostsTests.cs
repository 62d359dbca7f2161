using Portal.Core.Costs;
using Portal.Core.Environments.Usage;
using Portal.Core.Tests.Environments;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Costs;

public sealed class DailyCostsTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Noon);

    [Fact]
    public async Task List_IntervalsOverMidnight_GiveEachDayItsHours()
    {
        await using var shop = await ShopAsync(
            Interval("orders", "a", Noon.AddDays(-2).AddHours(10), Noon.AddDays(-1)),
            Interval("orders", "a", Noon.AddHours(-1), null),
            Interval("orders", "b", Noon.AddDays(-30), Noon.AddDays(-20)));

        var days = await ListAsync(shop, new DailyCostFilter { From = Day(18), To = Day(25) });

        // 22 to 24 h; 0 to 12 h; and of today the hour that is over, not what is still to come.
        Assert.Equal([(19, 2m), (20, 12m), (21, 1m)], days.Select(d => (d.Day.Day, d.Cost.Amount)));
    }

    [Fact]
    public async Task List_AddsUpToTheMonth()
    {
        await using var shop = await ShopAsync(
            Interval("orders", "a", Noon.AddDays(-40).AddMinutes(7), Noon.AddDays(-3).AddSeconds(11)),
            Interval("stock", "b", Noon.AddDays(-5).AddMinutes(13), null),
            Interval("stock", "b", new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 5, 0, 0, 0, TimeSpan.Zero)));

        var days = await ListAsync(shop, new DailyCostFilter { From = Day(1), To = Day(30).AddDays(1) });
        var month = await shop.Get<ReadCosts>().MonthAsync(new CostFilter { Month = Noon }, Shop.Pat, default);

        Assert.Equal(month.Value.Total.Single().Amount, days.Sum(d => d.Cost.Amount), 6);
        Assert.DoesNotContain(days, d => d.Cost.Amount == 0);
    }

    [Fact]
    public async Task List_SomeApart_AddsUpTheOthersOfTheSameCurrency()
    {
        await using var shop = await ShopAsync(
            Interval("orders", "a", Noon.AddHours(-2), null), Interval("stock", "b", Noon.AddHours(-3), null),
            Interval("web", "c", Noon.AddHours(-4), null), Interval("web", "d", Noon.AddHours(-4), null, "USD"));
        var filter = new DailyCostFilter { From = Day(21), To = Day(22), Apart = [Key("orders")] };

        var byService = await ListAsync(shop, filter);
        var one = await ListAsync(shop, filter with { Component = Key("stock") });
        var byTeam = await ListAsync(
            shop, filter with { By = DailyCostsBy.Owner, Apart = ["group:default/c"], Owners = ["group:default/c"] });
        var nobodys = await ListAsync(shop, filter with { Owners = [] });

        Assert.Equal(
            [(null, 4m, "USD"), (null, 7m, "EUR"), (Key("orders"), 2m, "EUR")],
            byService.Select(d => (d.Key, d.Cost.Amount, d.Cost.Currency)).Order());
        Assert.Equal([(null, 3m)], one.Select(d => (d.Key, d.Cost.Amount)));
        Assert.Equal([("group:default/c", 4m)], byTeam.Select(d => (d.Key!, d.Cost.Amount)));
        Assert.Empty(nobodys);
    }

    private async Task<Shop> ShopAsync(params UsageInterval[] intervals)
    {
        var shop = await Shop.OpenAsync(postgres, time);
        await using var db = shop.Bench.Database.CreateDbContext();
        db.AddRange(intervals);
        await db.SaveChangesAsync();
        return shop;
    }

    private static async Task<IReadOnlyList<DailyCost>> ListAsync(Shop shop, DailyCostFilter filter)
    {
        var days = await shop.Get<DailyCosts>().ListAsync(filter, Shop.Pat, CancellationToken.None);
        Assert.True(days.IsOk, days.Error?.ToString());
        return days.Value;
    }

    private static string Key(string component) => $"component:default/{component}";

    private static DateOnly Day(int day) => new(2026, 11, day);

    /// <summary>At a price of one an hour.</summary>
    private static UsageInterval Interval(
        string component, string team, DateTimeOffset from, DateTimeOffset? to, string currency = "EUR") => new()
    {
        EnvironmentId = $"{component}-{team}-{from.Ticks}", Component = Key(component), Owner = $"group:default/{team}",
        Size = "small", PricePerHour = 1m, Currency = currency, From = from, To = to,
    };
}
