using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>What every <see cref="ICostSource"/> keeps. An adapter inherits it, books for it, and passes.</summary>
public abstract class CostSourceConformance : FailingHostConformance
{
    private static readonly DateOnly Day = new(2026, 11, 20);

    protected abstract ICostSource Costs { get; }

    /// <summary>The provider books it.</summary>
    protected abstract void Book(DateOnly day, string scope, string service, decimal amount);

    /// <summary>All that is booked goes.</summary>
    protected abstract void Forget();

    /// <summary>The scope of an environment of the portal's, whether it is there or gone.</summary>
    protected abstract string ScopeOf(string environment);

    /// <summary>So few lines in one answer that a handful is more than one. Null: as usual.</summary>
    protected abstract void PageOf(int? count);

    /// <summary>The next answer is one of success, in which a line cannot be read.</summary>
    protected abstract void Garble();

    protected override Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync() =>
        Task.FromResult<IReadOnlyList<Func<CancellationToken, Task>>>(
            [cancellation => Costs.BilledAsync(Day, Day, cancellation)]);

    [Fact]
    public async Task Billed_FromDayToDay_IsWhatIsBookedOnBothAndBetween()
    {
        Forget();
        for (var day = -2; day <= 3; day++) Book(Day.AddDays(day), "shop", "Storage", day);
        Assert.Equal(
            [-1m, 0m, 1m, 2m], (await BilledAsync(Day.AddDays(-1), Day.AddDays(2))).Select(b => b.Amount.Amount));
        Assert.Equal([Day], (await BilledAsync(Day, Day)).Select(b => b.Day));
        Assert.Empty(await Costs.BilledAsync(Day.AddDays(300), Day.AddDays(301), Cancellation));
        Assert.Empty(await Costs.BilledAsync(Day.AddDays(1), Day, Cancellation));
    }

    [Fact]
    public async Task Billed_MoreThanAPage_IsEveryLineOnce()
    {
        Forget();
        for (var i = 0; i < 7; i++) Book(Day, $"scope-{i}", "Storage", i + 0.5m);
        PageOf(2);
        try
        {
            Assert.Equal(
                Enumerable.Range(0, 7).Select(i => (Scope: $"scope-{i}", i + 0.5m)),
                (await BilledAsync(Day, Day)).OrderBy(b => b.Scope).Select(b => (b.Scope, b.Amount.Amount)));
        }
        finally
        {
            PageOf(null);
        }
    }

    [Theory]
    [InlineData("0.0000012")]
    [InlineData("-12.5")]
    [InlineData("1234567890.123456")]
    [InlineData("0")]
    public async Task Billed_AnyAmount_IsThatAmount(string amount)
    {
        Forget();
        Book(Day, "shop", "Storage", decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture));
        var billed = Assert.Single(await Costs.BilledAsync(Day, Day, Cancellation));
        Assert.Equal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), billed.Amount.Amount);
        Assert.Matches("^[A-Z]{3}$", billed.Amount.Currency);
    }

    [Fact]
    public async Task Billed_OddNames_AreAsTheProviderWritesThem()
    {
        Forget();
        foreach (var service
            in (string[])["Azure Container Apps", "Speicher für Bücher – 日本", "a,b;\"c\"", new string('s', 500)])
        {
            Book(Day, "shop", service, 1);
        }
        Assert.Equal(
            ["Azure Container Apps", "Speicher für Bücher – 日本", "a,b;\"c\"", new string('s', 500)],
            (await Costs.BilledAsync(Day, Day, Cancellation)).Select(b => b.Service));
    }

    [Fact]
    public async Task Billed_ScopeOfAnEnvironment_TellsWhichAndOthersNone()
    {
        Forget();
        Book(Day, ScopeOf("env-one"), "Storage", 1);
        Book(Day, "by-hand", "Storage", 2);
        Assert.Equal(
            ["env-one", null],
            (await Costs.BilledAsync(Day, Day, Cancellation)).OrderBy(b => b.Amount.Amount)
            .Select(b => b.EnvironmentId));
    }

    [Fact]
    public async Task Billed_Again_IsTheSameUntilTheProviderBooksAnew()
    {
        Forget();
        Book(Day, "shop", "Storage", 1);
        var first = await Costs.BilledAsync(Day, Day, Cancellation);
        Assert.Equal(first, await Costs.BilledAsync(Day, Day, Cancellation));
        Forget();
        Book(Day, "shop", "Storage", 2);
        Assert.Equal(2, Assert.Single(await Costs.BilledAsync(Day, Day, Cancellation)).Amount.Amount);
    }

    /// <summary>A bill that lacks a line looks like one that is lower.</summary>
    [Fact]
    public async Task Billed_LineThatCannotBeRead_IsAnErrorAndNoLowerBill()
    {
        Forget();
        Book(Day, "shop", "Storage", 1);
        Garble();
        var error = await Assert.ThrowsAsync<ProviderException>(() => Costs.BilledAsync(Day, Day, Cancellation));
        Assert.Equal(ErrorKind.Unavailable, error.Error.Kind);
        Assert.Single(await Costs.BilledAsync(Day, Day, Cancellation));
    }

    private async Task<IReadOnlyList<BilledCost>> BilledAsync(DateOnly from, DateOnly to) =>
        [.. (await Costs.BilledAsync(from, to, Cancellation)).OrderBy(b => b.Day)];
}
