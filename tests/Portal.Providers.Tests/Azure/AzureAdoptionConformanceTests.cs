using Portal.Core.Providers;
using Portal.TestKit.Azure;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Azure;

public sealed class AzureAdoptionConformanceTests(AzureFixture azure)
    : EnvironmentAdoptionConformance, IClassFixture<AzureFixture>, IDisposable
{
    protected override IEnvironmentAdoption Adoption => azure.Capability<IEnvironmentAdoption>();

    protected override IEnvironmentHost Environments => azure.Environments;

    protected override int Made => azure.World.Ledger.Made.Count;

    protected override IEnumerable<string> WrongIds => base.WrongIds.Concat(
    [
        "/subscriptions/55555555-5555-5555-5555-555555555555/resourceGroups/group",
        $"/subscriptions/{AzureWorld.SubscriptionId}",
        $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/",
        $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/..",
        $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/a?b=c",
        $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/%2e%2e",
        $"/subscriptions/{AzureWorld.SubscriptionId}/resourceGroups/a#b",
    ]);

    public void Dispose() => Assert.Empty(azure.World.Violations);

    protected override Task<string> AddAsync(string name)
    {
        var id = azure.World.AddGroup(
            name, new Dictionary<string, string> { ["team"] = "checkout", ["portal-owner"] = "somebody" });
        azure.World.AddResource(name, "Microsoft.Web/sites", "checkout");
        return Task.FromResult(id);
    }

    protected override IReadOnlyDictionary<string, string> MarksOf(string externalId) =>
        azure.World.TagsOf(NameOf(externalId))!;

    protected override void Mark(string externalId, string key, string value) =>
        azure.World.Tag(NameOf(externalId), key, value);

    protected override void Remove(string externalId) => azure.World.RemoveGroup(NameOf(externalId));

    protected override void PageOf(int? count) => azure.World.Rules.PageSize = count ?? 100;

    protected override bool Fail(HostFailure failure) =>
        azure.Fail(failure, "Microsoft.Resources/subscriptions/resourceGroups/read");

    protected override void Mend() => azure.Mend();

    private static string NameOf(string externalId) => externalId[(externalId.LastIndexOf('/') + 1)..];
}
