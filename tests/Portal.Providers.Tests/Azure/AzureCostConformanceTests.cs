using Portal.Core.Providers;
using Portal.TestKit.Azure;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Azure;

public sealed class AzureCostConformanceTests(
    AzureFixture azure) : CostSourceConformance, IClassFixture<AzureFixture>, IDisposable
{
    protected override ICostSource Costs => azure.Capability<ICostSource>();

    public void Dispose() => Assert.Empty(azure.World.Violations);

    protected override void Book(DateOnly day, string scope, string service, decimal amount) =>
        azure.World.Rules.Costs.Add(new AzureCost(day, scope, service, amount));

    protected override void Forget() => azure.World.Rules.Costs.Clear();

    protected override string ScopeOf(string environment) => "portal-" + environment;

    protected override void PageOf(int? count) => azure.World.Rules.PageSize = count ?? 100;

    protected override void Garble() => azure.World.Rules.GarbledCosts = 1;

    protected override bool Fail(HostFailure failure) => azure.Fail(failure, "Microsoft.CostManagement/query/action");

    protected override void Mend() => azure.Mend();
}
