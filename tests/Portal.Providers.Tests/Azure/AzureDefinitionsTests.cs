using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

/// <summary>The shipped definitions, what Azure says they would change, and what a person may choose in them.</summary>
public sealed class AzureDefinitionsTests : IAsyncLifetime
{
    private readonly AzureFixture azure = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AzureWorld World => azure.World;

    private IEnvironmentHost Host => azure.Environments;

    public ValueTask InitializeAsync() => azure.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(World.Violations);
        await azure.DisposeAsync();
    }

    [Fact]
    public async Task WebAppWithPostgresql_IsMadeStoppedStartedAndDestroyed()
    {
        var repository = AzureThings.NewRepository();
        var made = await Host.CreateAsync(
            AzureThings.Request(repository, World.Working(repository, "one"), "web-app-postgresql"), Cancellation);
        using var client = new HttpClient(World.TrustingHandler());
        Assert.Equal("one", await client.GetStringAsync(new Uri(made.Url!), Cancellation));
        var site = World.ResourceOf($"portal-{made.Id}", "Microsoft.Web/sites")!;
        var config = site["properties"]!["siteConfig"]!;
        Assert.Equal(
            ("node src/main.js --verbose", "/readyz"),
            (config["appCommandLine"]!.ToString(), config["healthCheckPath"]!.ToString()));
        Assert.Contains(config["appSettings"]!.AsArray(), s => s!["name"]!.ToString() == "PGHOST");
        Assert.Equal(EnvironmentStatus.Stopped, (await Host.StopAsync(made.Id, Cancellation)).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(made.Url!), Cancellation));
        Assert.Equal(EnvironmentStatus.Running, (await Host.StartAsync(made.Id, Cancellation)).Status);
        await Host.DestroyAsync(made.Id, Cancellation);
        Assert.Empty(World.Listing);
    }

    [Fact]
    public async Task WebApp_DoesNotComeUp_IsUnhealthyInTimeAndLeavesNothing()
    {
        await using var services = AzureFixture.Start(
            World, new Dictionary<string, string?>(azure.Settings) { ["HealthTimeoutSeconds"] = "1" });
        var repository = AzureThings.NewRepository();
        var request = AzureThings.Request(repository, World.Dying(repository), "web-app-postgresql");
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => AzureFixture.Of<IEnvironmentHost>(services).CreateAsync(request, Cancellation));
        Assert.Equal("environment-unhealthy", error.Error.Code);
        await Eventually.TrueAsync(() => Task.FromResult(World.Listing.Count == 0), "nothing to be left");
    }

    [Fact]
    public async Task StaticSite_RunsNoVersionAndCannotBeStopped()
    {
        var definition = Host.Definitions.Single(d => d.Name == "static-site-storage");
        Assert.False(definition.RunsVersion);
        var made = await Host.CreateAsync(
            AzureThings.Request(AzureThings.NewRepository(), null, "static-site-storage"), Cancellation);
        Assert.Equal((EnvironmentStatus.Running, (string?)null), (made.Status, made.Commit));
        Assert.Contains(".web.", made.Url, StringComparison.Ordinal);
        var stop = await Assert.ThrowsAsync<ProviderException>(() => Host.StopAsync(made.Id, Cancellation));
        Assert.Equal("environment-cannot-stop", stop.Error.Code);
        Assert.Equal("environment-runs-no-version", (await Assert.ThrowsAsync<ProviderException>(
            () => Host.DeployAsync(made.Id, AzureThings.NewVersion(), Cancellation))).Error.Code);
    }

    [Fact]
    public async Task Plan_OfWhatIsNotThere_AsksAzureAndMakesNothing()
    {
        var repository = AzureThings.NewRepository();
        var request = AzureThings.Request(repository, World.Working(repository, "one"));
        var plan = await Host.PlanAsync(request, Cancellation);
        Assert.Equal(6, plan!.Resources.Count);
        Assert.All(plan.Resources, r => Assert.Equal(PlannedChange.Create, r.Change));
        Assert.Contains(
            plan.Resources, r => r.Type == "Microsoft.Resources/resourceGroups" && r.Name == $"portal-{request.Id}");
        Assert.Contains(plan.Resources, r => r.Type == "Microsoft.App/containerApps");
        Assert.Equal(6, (await Host.PlanAsync(request with { Version = null }, Cancellation))!.Resources.Count);
        Assert.Empty(World.Ledger.Made);
    }

    [Fact]
    public async Task Plan_OfWhatIsThere_TellsWhatChanges()
    {
        var repository = AzureThings.NewRepository();
        var request = AzureThings.Request(repository, World.Working(repository, "one"));
        await Host.CreateAsync(request, Cancellation);
        var plan = await Host.PlanAsync(request with { Size = "medium" }, Cancellation);
        var app = Assert.Single(plan!.Resources, r => r.Type == "Microsoft.App/containerApps");
        Assert.Equal(PlannedChange.Modify, app.Change);
        Assert.Contains(app.Details, d => d.Contains("resources.memory: 0.5Gi → 1Gi", StringComparison.Ordinal));
        Assert.Contains(
            plan.Resources,
            r => r is { Type: "Microsoft.OperationalInsights/workspaces", Change: PlannedChange.NoChange });
    }

    [Fact]
    public async Task Create_WrongParameters_IsRefusedBeforeAnythingIsMade()
    {
        var repository = AzureThings.NewRepository();
        foreach (var parameters in (JsonObject[])[new() { ["maxReplicas"] = 7 }, new() { ["nonsense"] = 1 }])
        {
            var error = await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(
                AzureThings.Request(repository, World.Working(repository, "one"), parameters: parameters),
                Cancellation));
            Assert.Equal((ErrorKind.Invalid, "parameters-invalid"), (error.Error.Kind, error.Error.Code));
        }
        Assert.Empty(World.Ledger.Made);
    }

    [Fact]
    public async Task List_MoreThanAPage_IsWhole()
    {
        World.Rules.PageSize = 2;
        var repository = AzureThings.NewRepository();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(
            (await Host.CreateAsync(AzureThings.Request(repository, null, "static-site-storage"), Cancellation)).Id);
        Assert.Equal(ids, (await Host.ListAsync(Cancellation)).Select(e => e.Id));
    }

    [Fact]
    public async Task Create_AzureAsksForAPause_LooksNoSooner()
    {
        World.Rules.RetryAfterSeconds = 1;
        var since = TimeProvider.System.GetTimestamp();
        await Host.CreateAsync(
            AzureThings.Request(AzureThings.NewRepository(), null, "static-site-storage"), Cancellation);
        Assert.True(TimeProvider.System.GetElapsedTime(since) >= TimeSpan.FromSeconds(1));
        Assert.Equal(1, World.Ledger.Calls(AzureRoutes.OperationStatus));
    }
}
