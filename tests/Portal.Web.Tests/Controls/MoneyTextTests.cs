using System.Globalization;
using Bunit;
using Portal.Core.Shared;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class MoneyTextTests : ControlTest
{
    [Theory]
    [InlineData("0", "0.00 EUR")]
    [InlineData("0.004", "< 0.01 EUR")]
    [InlineData("-0.004", "> -0.01 EUR")]
    [InlineData("12.399", "12.40 EUR")]
    [InlineData("1240.7", "1,241 EUR")]
    public void Of_Amount_NoFalsePrecision(string amount, string expected) =>
        Assert.Equal(expected, MoneyWords.Of(new Money(decimal.Parse(amount, CultureInfo.InvariantCulture), "EUR"))
            .Replace('\u00a0', ' '));

    [Fact]
    public void Render_NoAmount_IsNotZero() =>
        Assert.Equal("not known", Render<MoneyText>(p => p.Add(x => x.Value, null)).Find(".money").TextContent);
}
