using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

public sealed class AzureCostsTests : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 11, 20);

    private readonly AzureFixture azure = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ICostSource Costs => azure.Capability<ICostSource>();

    public ValueTask InitializeAsync() => azure.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(azure.World.Violations);
        await azure.DisposeAsync();
    }

    [Fact]
    public async Task Billed_SeveralPages_TellsDayEnvironmentServiceAndAmount()
    {
        var made = await azure.Environments.CreateAsync(
            AzureThings.Request(AzureThings.NewRepository(), null, "static-site-storage"), Cancellation);
        azure.World.Rules.PageSize = 2;
        Add(Day.AddDays(-1), $"portal-{made.Id}", "Storage", 9m);
        Add(Day, $"portal-{made.Id}", "Storage", 0.125m);
        Add(Day, "portal-env-gone", "Azure Container Apps", 1.5m);
        Add(Day, "by-hand", "Bandwidth", 0.0000012m);
        var billed = await Costs.BilledAsync(Day, Day, Cancellation);
        Assert.Equal(
            [
                new BilledCost(Day, made.Id, $"portal-{made.Id}", "Storage", new Money(0.125m, "EUR")),
                new BilledCost(Day, "env-gone", "portal-env-gone", "Azure Container Apps", new Money(1.5m, "EUR")),
                new BilledCost(Day, null, "by-hand", "Bandwidth", new Money(0.0000012m, "EUR")),
            ], billed);
        Assert.Equal(2, azure.World.Ledger.Calls(AzureRoutes.QueryCosts));
    }

    [Fact]
    public async Task Billed_Throttled_WaitsAsLongAsCostManagementAsks()
    {
        azure.World.Faults.Plan(AzureRoutes.QueryCosts, AzureFault.Limit, wait: TimeSpan.FromSeconds(2));
        var since = TimeProvider.System.GetTimestamp();
        var billed = Costs.BilledAsync(Day, Day, Cancellation);
        await Eventually.TrueAsync(() => Task.FromResult(azure.World.Faults.Happened.Count == 1), "the refusal");
        // Meanwhile environments go on.
        Assert.Empty(await azure.Environments.ListAsync(Cancellation));
        Assert.False(billed.IsCompleted);
        Assert.Empty(await billed);
        Assert.True(TimeProvider.System.GetElapsedTime(since) >= TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Billed_WithoutTheRight_SaysWhichRole()
    {
        azure.World.Rules.Forbidden.Add("Microsoft.CostManagement/query/action");
        var error = await Assert.ThrowsAsync<ProviderException>(() => Costs.BilledAsync(Day, Day, Cancellation));
        Assert.Contains("Cost Management Reader", error.Message, StringComparison.Ordinal);
    }

    private void Add(DateOnly day, string group, string service, decimal amount) =>
        azure.World.Rules.Costs.Add(new AzureCost(day, group, service, amount));
}
