using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

public sealed class AzureAdoptionTests : IAsyncLifetime
{
    private readonly AzureFixture azure = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnvironmentAdoption Adoption => azure.Capability<IEnvironmentAdoption>();

    public ValueTask InitializeAsync() => azure.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(azure.World.Violations);
        await azure.DisposeAsync();
    }

    [Fact]
    public async Task Adoptable_WhatIsThere_TellsWhoMadeItAndLeavesOutOurs()
    {
        azure.World.AddGroup("shop-checkout-dev", new Dictionary<string, string> { ["team"] = "checkout" });
        azure.World.AddResource("shop-checkout-dev", "Microsoft.Web/sites", "checkout");
        azure.World.AddDeployment("shop-checkout-dev", "ade-1", new Dictionary<string, string>
        {
            ["AdeProjectName"] = "shop", ["AdeEnvironmentName"] = "checkout-dev", ["AdeDevCenterName"] = "dc"
        });
        azure.World.AddGroup("by-hand");
        azure.World.AddGroup("NetworkWatcherRG");
        await azure.Environments.CreateAsync(
            AzureThings.Request(AzureThings.NewRepository(), null, "static-site-storage"), Cancellation);
        var found = await Adoption.AdoptableAsync(Cancellation);
        Assert.Equal(["by-hand", "shop-checkout-dev"], found.Select(f => f.Name));
        Assert.Equal(
            ((string?)null, "Azure Deployment Environments, project shop, environment checkout-dev"),
            (found[0].Source, found[1].Source));
        Assert.Equal(
            ("westeurope", "checkout", "Microsoft.Web/sites checkout"),
            (found[1].Location, found[1].Tags["team"], Assert.Single(found[1].Resources)));
    }

    [Fact]
    public async Task Adopt_AddsTagsOnlyAndReleaseTakesThemAway()
    {
        var id = azure.World.AddGroup(
            "by-hand", new Dictionary<string, string> { ["team"] = "checkout", ["portal-owner"] = "somebody" });
        azure.World.AddResource("by-hand", "Microsoft.Web/sites", "checkout");
        var made = azure.World.Ledger.Made.Count;
        var request = new AdoptEnvironment(
            "env-1", id, "dev", "dev", new RepositoryName("shop", "checkout"), "mark-1",
            new Dictionary<string, string> { ["portal.owner"] = "group:default/checkout" });

        var plan = await Adoption.PlanAdoptionAsync(request, Cancellation);
        Assert.Equal([PlannedChange.Modify, PlannedChange.NoChange], plan.Resources.Select(r => r.Change));
        Assert.Contains("tags.portal-owner: somebody → group:default/checkout", plan.Resources[0].Details);
        Assert.Equal("somebody", azure.World.TagsOf("by-hand")!["portal-owner"]);

        var before = await Adoption.StateAsync(id, Cancellation);
        var adopted = await Adoption.AdoptAsync(request, Cancellation);
        Assert.Equal(("env-1", EnvironmentStatus.Running, "mark-1"), (adopted.Id, adopted.Status, adopted.Mark));
        Assert.StartsWith("https://checkout.azurewebsites", adopted.Url, StringComparison.Ordinal);
        Assert.Equal(adopted, await Adoption.AdoptAsync(request, Cancellation));
        Assert.Equal(adopted, await azure.Environments.FindAsync("env-1", Cancellation));
        Assert.Equal("environment-adopted", (await Assert.ThrowsAsync<ProviderException>(
            () => Adoption.AdoptAsync(request with { Id = "env-2" }, Cancellation))).Error.Code);
        Assert.Equal(EnvironmentStatus.Stopped, (await azure.Environments.StopAsync("env-1", Cancellation)).Status);
        Assert.Equal(made, azure.World.Ledger.Made.Count);

        await Adoption.ReleaseAsync(id, before, Cancellation);
        Assert.Equal(
            [("portal-owner", "somebody"), ("team", "checkout")],
            azure.World.TagsOf("by-hand")!.OrderBy(t => t.Key).Select(t => (t.Key, t.Value)));
        await Adoption.ReleaseAsync(id + "-gone", before, Cancellation);
    }
}
