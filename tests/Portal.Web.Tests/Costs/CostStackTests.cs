using Portal.Core.Costs;
using Portal.Core.Shared;
using Portal.Web.Costs;

namespace Portal.Web.Tests.Costs;

public sealed class CostStackTests
{
    private static readonly DateOnly First = new(2026, 11, 28);

    [Theory]
    [InlineData("0.0003", "0.0001")]
    [InlineData("3.9", "1")]
    [InlineData("5.3", "2")]
    [InlineData("8.1", "5")]
    [InlineData("39", "10")]
    [InlineData("81000", "50000")]
    public void Step_IsOneTwoOrFiveOfAPowerOfTen(string most, string step) =>
        Assert.Equal(Number(step), Of(new DailyCost(First, null, new Money(Number(most), "EUR"))).Step);

    [Fact]
    public void Columns_NameOnlyWhatCostSomething_AndHaveZeroWhereNothingRan()
    {
        var stack = Of(
            new DailyCost(First, "a", new Money(1, "EUR")), new DailyCost(First.AddDays(2), null, new Money(2, "EUR")));

        Assert.Equal(["A", "Others"], stack.Columns.Select(c => c.Title));
        Assert.Equal([1m, 0m, 0m, 0m], stack.Columns[0].Amounts);
        Assert.Equal([0m, 0m, 2m, 0m], stack.Columns[1].Amounts);
        Assert.Equal(["28 Nov", "", "", "1 Dec"], stack.Labels);
    }

    private static decimal Number(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static CostStack Of(params DailyCost[] costs) =>
        CostStack.Of(costs, [("a", "A"), ("b", "B")], First, First.AddDays(3));
}
