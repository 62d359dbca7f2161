using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Costs.Billing;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Costs;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Costs;

public sealed class CostsPageTests(PostgresFixture postgres) : PageTest(postgres)
{
    protected override bool HasBills => true;

    [Fact]
    public async Task Show_WithABill_StandsBesideTheEstimateAndIsNeverAddedToIt()
    {
        await RanAsync();
        Bills.Add(new DateOnly(2026, 11, 19), 12.5m, "orders-dev-000000");
        Bills.Add(new DateOnly(2026, 11, 19), 3m, "orders-dev-000000", "USD");
        Bills.Add(new DateOnly(2026, 11, 20), 7m, null, scope: "rg-shared");
        await ReadAsync();

        var page = await OpenAsync();

        Assert.Equal(["orders", "1", "2.00 EUR estimate", "12.50 EUR"], Cells(page, 0).Where((_, i) => i != 3).Take(4));
        Assert.Equal(["orders", "–", "–", "–", "3.00 USD"], Cells(page, 1).Take(5));
        Says(page, "Not yet billed: 21 Nov.");
        Assert.Contains("at local Container Apps 7.00 EUR", Squeezed(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_BillThatCannotBeRead_SaysWhyAndKeepsTheRest()
    {
        await RanAsync();
        Bills.Trouble = ProviderException.Unavailable("billing-down", "Cost Management does not answer.");
        await ReadAsync();

        var page = await OpenAsync();

        Says(page, "Cost Management does not answer.");
        Says(page, "not read yet.");
        Says(page, "Not yet billed: 1 Nov to 21 Nov.");
        Assert.Contains("not yet billed", Cells(page, 0));
    }

    [Fact]
    public async Task Show_TheChart_HasItsNumbersInATable()
    {
        await RanAsync();

        var page = await OpenAsync(says: "Cost per day in EUR");

        var rows = page.FindAll(".cost-chart tbody tr");
        Assert.Equal(31, rows.Count);
        Assert.Equal("22 Oct", rows[0].Children[0].TextContent);
        Assert.Equal(
            ["21 Nov", "2.00 EUR"], rows[^1].Children.Select(c => c.TextContent.Trim().Replace('\u00a0', ' ')));
        Assert.Equal("img", page.Find(".cost-chart svg").Closest("[role]")!.GetAttribute("role"));
    }

    private async Task RanAsync() => await AddAsync(
        OrdersService.Environment("dev", "local", Now.AddDays(-3)),
        new UsageInterval
        {
            EnvironmentId = "orders-dev-000000", Component = "component:default/orders", Owner = "group:default/orders",
            Size = "small", PricePerHour = 1m, Currency = "EUR",
            From = Now.AddHours(-2),
        });

    private Task ReadAsync() => Services.GetRequiredService<ReadBills>().ExecuteAsync(CancellationToken.None);

    private Task<IRenderedComponent<CostsPage>> OpenAsync(string says = "Billed by providers")
    {
        SignIn("ada");
        var page = Render<CostsPage>();
        Says(page, says);
        return Task.FromResult(page);
    }

    private static List<string> Cells(IRenderedComponent<CostsPage> page, int row) =>
        [.. page.FindAll("[aria-label='Costs by service'] tbody tr")[row].Children.Select(c => c.TextContent.Trim().Replace('\u00a0', ' '))];

    private static string Squeezed(IRenderedComponent<CostsPage> page) =>
        string.Join(' ', Text(page).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
