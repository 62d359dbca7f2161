using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

/// <summary>What is Azure's own: tags, deployments, locks, what goes wrong half-way and what is left of it.</summary>
public sealed class AzureEnvironmentsTests : IAsyncLifetime
{
    private readonly AzureFixture azure = new()
    {
        Settings =
        {
            ["CostCentres:checkout"] = "4711", ["Registry:Server"] = "ghcr.io", ["Registry:Username"] = "robot",
            ["Registry:Password"] = "pull-Secret-1"
        },
    };

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
    public async Task Create_ContainerApp_TagsTheGroupInTheCreatingCallAndTellsItsProgress()
    {
        var repository = AzureThings.NewRepository();
        var lines = new Lines();
        var request = AzureThings.Request(repository, World.Working(repository, "one"), progress: lines);
        // Whatever comes of the second call: the first has set the tags.
        World.Faults.Plan(AzureRoutes.PutDeployment, AzureFault.FailBefore, times: 9);
        await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(request, Cancellation));
        var tags = World.TagsOf($"portal-{request.Id}")!;
        Assert.Equal(
            (
                request.Id, request.Mark, "orders", "group:default/checkout", "dev", "4711", "container-app", "small",
                request.Version!.Commit, request.Version.PipelineRunId, "2026-12-01T00:00:00Z", "0199"),
            (tags["portal-environment"], tags["portal-mark"], tags["portal-service"], tags["portal-owner"], tags["portal-type"], tags["portal-cost-centre"], tags["portal-definition"],
                tags["portal-size"], tags["portal-commit"], tags["portal-pipeline-run"], tags["portal-expires"],
                tags["portal-run"]));
        World.Faults.Clear();

        var made = await Host.CreateAsync(request, Cancellation);
        Assert.Equal(EnvironmentStatus.Running, made.Status);
        Assert.Single(World.Ledger.MadeOf(AzureThing.Group));
        Assert.Contains(lines.All, l => l.StartsWith("containerApps/svc-", StringComparison.Ordinal)
            && l.EndsWith(": succeeded", StringComparison.Ordinal));
        Assert.Contains(lines.All, l => l.StartsWith("managedEnvironments/", StringComparison.Ordinal));
        var app = World.ResourceOf($"portal-{request.Id}", "Microsoft.App/containerApps")!;
        Assert.Equal("4711", app["tags"]!["portal-cost-centre"]!.ToString());
        var container = app["properties"]!["template"]!["containers"]![0]!;
        Assert.Equal(
            ("[\"node\"]", "[\"src/main.js\",\"--verbose\"]"),
            (container["command"]!.ToJsonString(), container["args"]!.ToJsonString()));
        var variables = container["env"]!.AsArray().ToDictionary(
            v => v!["name"]!.ToString(), v => v!["value"]!.ToString());
        // Text in brackets is the service's own, never worked out as a template's.
        Assert.Equal(("[hello] from orders", "8080"), (variables["GREETING"], variables["PORT"]));
        Assert.Contains("service.name=orders", variables["OTEL_RESOURCE_ATTRIBUTES"], StringComparison.Ordinal);
        Assert.Equal("robot", app["properties"]!["configuration"]!["registries"]![0]!["username"]!.ToString());
    }

    [Fact]
    public async Task Create_FailsHalfWay_NamesWhatFailedAndLeavesNothing()
    {
        var repository = AzureThings.NewRepository();
        var before = World.Listing;
        World.Rules.Failing["Microsoft.App/managedEnvironments"] = (
            "MaxNumberOfRegionalEnvironmentsInSubExceeded",
            "The subscription cannot have more than 1 Container App Environments in West Europe. (pull-Secret-1)");
        var request = AzureThings.Request(repository, World.Working(repository, "one"));
        var error = await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(request, Cancellation));
        Assert.Equal((ErrorKind.Conflict, "azure-quota"), (error.Error.Kind, error.Error.Code));
        Assert.Contains("managedEnvironments/", error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot have more than 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("Usage + quotas", error.Message, StringComparison.Ordinal);
        // Whatever Azure echoes.
        Assert.DoesNotContain("pull-Secret-1", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, World.Ledger.MadeOf(AzureThing.Resource).Count);
        Assert.Null(await Host.FindAsync(request.Id, Cancellation));
        await Eventually.TrueAsync(() => Task.FromResult(World.Listing.SequenceEqual(before)), "nothing to be left");
    }

    [Theory]
    [InlineData(AzureRoutes.PutGroup, AzureFault.CutAfter)]
    [InlineData(AzureRoutes.PutGroup, AzureFault.FailAfter)]
    [InlineData(AzureRoutes.PutDeployment, AzureFault.CutAfter)]
    [InlineData(AzureRoutes.PutDeployment, AzureFault.FailAfter)]
    [InlineData(AzureRoutes.PutDeployment, AzureFault.Unavailable)]
    [InlineData(AzureRoutes.PatchTags, AzureFault.CutAfter)]
    [InlineData(AzureRoutes.OperationStatus, AzureFault.FailBefore)]
    [InlineData(AzureRoutes.GetGroup, AzureFault.Unavailable)]
    public async Task Create_AnswerIsLost_IsMadeOnce(string route, AzureFault fault)
    {
        var repository = AzureThings.NewRepository();
        World.Faults.Plan(route, fault);
        var request = AzureThings.Request(repository, World.Working(repository, "one"));
        var made = await Host.CreateAsync(request, Cancellation);
        Assert.Equal([(route, fault)], World.Faults.Happened);
        Assert.Equal((EnvironmentStatus.Running, request.Mark), (made.Status, made.Mark));
        Assert.Single(World.Ledger.MadeOf(AzureThing.Group));
        Assert.Single(World.Ledger.MadeOf(AzureThing.Deployment));
        Assert.Equal(5, World.Ledger.MadeOf(AzureThing.Resource).Count);
        Assert.Empty(World.Ledger.Duplicates);
    }

    [Fact]
    public async Task Create_PortalDiesWhileItDeploys_AnotherPortalTakesItUp()
    {
        var repository = AzureThings.NewRepository();
        World.Rules.ResourceTime = TimeSpan.FromMilliseconds(200);
        var request = AzureThings.Request(repository, World.Working(repository, "one"));
        using (var life = new CancellationTokenSource())
        {
            var call = Host.CreateAsync(request, life.Token);
            await Eventually.TrueAsync(
                () => Task.FromResult(World.Ledger.MadeOf(AzureThing.Resource).Count > 0),
                "the deployment to be under way");
            await life.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        await using var other = AzureFixture.Start(World, azure.Settings);
        var host = AzureFixture.Of<IEnvironmentHost>(other);
        // Not yet what it should be: who looks for it is told to make it.
        Assert.Null(await host.FindByMarkAsync(request.Mark, Cancellation));
        Assert.Equal(EnvironmentStatus.Creating, (await host.FindAsync(request.Id, Cancellation))!.Status);
        var made = await host.CreateAsync(request, Cancellation);
        Assert.Equal(EnvironmentStatus.Running, made.Status);
        Assert.Single(World.Ledger.MadeOf(AzureThing.Deployment));
        Assert.Equal(made, await Host.FindByMarkAsync(request.Mark, Cancellation));
    }

    [Fact]
    public async Task Create_WhileTheEarlierGroupIsBeingDeleted_WaitsForItsEnd()
    {
        var repository = AzureThings.NewRepository();
        World.Rules.DeleteTime = TimeSpan.FromMilliseconds(300);
        var request = AzureThings.Request(repository, World.Dying(repository));
        await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(request, Cancellation));
        var lines = new Lines();
        var made = await Host.CreateAsync(
            request with { Version = World.Working(repository, "one"), Mark = "again", Progress = lines },
            Cancellation);
        Assert.Equal(EnvironmentStatus.Running, made.Status);
        Assert.Contains(lines.All, l => l.Contains("waiting until the earlier one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_GroupOfSomebodyElse_IsAConflictAndStays()
    {
        var repository = AzureThings.NewRepository();
        var request = AzureThings.Request(repository, World.Working(repository, "one"));
        World.AddGroup($"portal-{request.Id}", new Dictionary<string, string> { ["owner"] = "another" });
        var error = await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(request, Cancellation));
        Assert.Equal("environment-exists", error.Error.Code);
        await Host.DestroyAsync(request.Id, Cancellation);
        Assert.Equal("another", World.TagsOf($"portal-{request.Id}")!["owner"]);
    }

    [Fact]
    public async Task Create_Throttled_WaitsAsLongAsAskedAndIsMadeOnce()
    {
        var repository = AzureThings.NewRepository();
        World.Faults.Plan(AzureRoutes.PutDeployment, AzureFault.Limit).Plan(AzureRoutes.PutGroup, AzureFault.Limit);
        var since = TimeProvider.System.GetTimestamp();
        await Host.CreateAsync(AzureThings.Request(repository, World.Working(repository, "one")), Cancellation);
        Assert.True(TimeProvider.System.GetElapsedTime(since) >= TimeSpan.FromSeconds(2));
        Assert.Equal((1, 2), (World.Ledger.MadeOf(AzureThing.Group).Count, World.Ledger.Calls(AzureRoutes.PutGroup)));
    }

    [Theory]
    [InlineData("Microsoft.Resources/deployments/write", "azure-authorization", "Contributor")]
    [InlineData(
        "Microsoft.Resources/subscriptions/resourceGroups/write", "azure-authorization", "resourceGroups/write")]
    public async Task Create_WithoutTheRight_SaysWhichRole(string action, string code, string said)
    {
        var repository = AzureThings.NewRepository();
        World.Rules.Forbidden.Add(action);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(AzureThings.Request(repository, World.Working(repository, "one")), Cancellation));
        Assert.Equal((ErrorKind.Forbidden, code, false), (error.Error.Kind, error.Error.Code, error.IsTransient));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        World.Rules.Forbidden.Clear();
        await Eventually.TrueAsync(() => Task.FromResult(World.Listing.Count == 0), "nothing to be left");
    }

    [Fact]
    public async Task Create_RefusedByPolicyUnregisteredOrWithoutImage_SaysWhatToChangeAndLeavesNothing()
    {
        var repository = AzureThings.NewRepository();
        World.Rules.Policies["Microsoft.App/managedEnvironments"] = "Container environments need a private network";
        var policy = await FailAsync(World.Working(repository, "one"));
        Assert.Equal("azure-policy", policy.Error.Code);
        Assert.Contains("Container environments need a private network", policy.Message, StringComparison.Ordinal);
        World.Rules.Policies.Clear();
        World.Rules.Unregistered.Add("Microsoft.App");
        Assert.Contains(
            "az provider register --namespace Microsoft.App",
            (await FailAsync(World.Working(repository, "one"))).Message, StringComparison.Ordinal);
        World.Rules.Unregistered.Clear();
        var image = await FailAsync(AzureThings.NewVersion());
        Assert.Equal((ErrorKind.Invalid, "image-missing"), (image.Error.Kind, image.Error.Code));
        Assert.Contains("Portal:Providers:azure:Image", image.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Task.FromResult(World.Listing.Count == 0), "nothing to be left");

        Task<ProviderException> FailAsync(EnvironmentVersion version) => Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(AzureThings.Request(repository, version), Cancellation));
    }

    [Fact]
    public async Task Deploy_NewVersion_KeepsWhatThePersonChoseAndIsFoundAfterALostAnswer()
    {
        var repository = AzureThings.NewRepository();
        var made = await Host.CreateAsync(AzureThings.Request(
            repository, World.Working(repository, "one"),
            parameters: new JsonObject { ["maxReplicas"] = 5 }), Cancellation);
        var next = World.Working(repository, "two");
        World.Faults.Plan(AzureRoutes.PutDeployment, AzureFault.CutAfter);
        var deployed = await Host.DeployAsync(made.Id, next, Cancellation);
        Assert.Equal((next.Commit, made.Url, made.Mark), (deployed.Commit, deployed.Url, deployed.Mark));
        Assert.Equal(2, World.Ledger.MadeOf(AzureThing.Deployment).Count);
        var scale =
            World.ResourceOf($"portal-{made.Id}", "Microsoft.App/containerApps")!["properties"]!["template"]!["scale"]!;
        Assert.Equal("5", scale["maxReplicas"]!.ToString());
        Assert.Equal(next.Commit, World.TagsOf($"portal-{made.Id}")!["portal-commit"]);
    }

    [Fact]
    public async Task Deploy_DyingVersion_PutsTheOldParametersBackWithTheirSecret()
    {
        var repository = AzureThings.NewRepository();
        var first = World.Working(repository, "one");
        var made = await Host.CreateAsync(AzureThings.Request(repository, first), Cancellation);
        await Assert.ThrowsAsync<ProviderException>(
            () => Host.DeployAsync(made.Id, World.Dying(repository), Cancellation));
        var properties = World.ResourceOf($"portal-{made.Id}", "Microsoft.App/containerApps")!["properties"]!;
        Assert.EndsWith(
            first.Commit, properties["template"]!["containers"]![0]!["image"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("pull-Secret-1", properties["configuration"]!["secrets"]![0]!["value"]!.ToString());
        Assert.Equal("portal-3", World.TagsOf($"portal-{made.Id}")!["portal-deployment"]);
        // And the next version goes on from there.
        Assert.Equal(
            EnvironmentStatus.Running,
            (await Host.DeployAsync(made.Id, World.Working(repository, "two"), Cancellation)).Status);
    }

    [Fact]
    public async Task Production_IsLockedUntilItIsDestroyed()
    {
        var repository = AzureThings.NewRepository();
        var made = await Host.CreateAsync(
            AzureThings.Request(repository, World.Working(repository, "one"), type: "prod"), Cancellation);
        Assert.Equal(["portal"], World.LocksOf($"portal-{made.Id}"));
        await Host.DestroyAsync(made.Id, Cancellation);
        Assert.Empty(World.Listing);
    }

    [Fact]
    public async Task Production_WithoutTheRightToLock_SaysWhichRoleAndLeavesNothing()
    {
        var repository = AzureThings.NewRepository();
        World.Rules.Forbidden.Add("Microsoft.Authorization/locks/write");
        World.Rules.Forbidden.Add("Microsoft.Authorization/locks/delete");
        var error = await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(
            AzureThings.Request(repository, World.Working(repository, "one"), type: "prod"), Cancellation));
        Assert.Contains("Locks Contributor", error.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Task.FromResult(World.Listing.Count == 0), "nothing to be left");
    }

    [Fact]
    public async Task Deploy_AnotherIsUnderWay_IsTransientAndDoesNotFollowIt()
    {
        var repository = AzureThings.NewRepository();
        var made =
            await Host.CreateAsync(AzureThings.Request(repository, World.Working(repository, "one")), Cancellation);
        World.Rules.ResourceTime = TimeSpan.FromMilliseconds(200);
        await using var other = AzureFixture.Start(World, azure.Settings);
        var (second, third) = (World.Working(repository, "two"), World.Working(repository, "three"));
        var first = Host.DeployAsync(made.Id, second, Cancellation);
        await Eventually.TrueAsync(
            () => Task.FromResult(World.Ledger.MadeOf(AzureThing.Deployment).Count == 2), "the first to be under way");
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => AzureFixture.Of<IEnvironmentHost>(other).DeployAsync(made.Id, third, Cancellation));
        Assert.Equal(("azure-deployment-active", true), (error.Error.Code, error.IsTransient));
        Assert.Equal(second.Commit, (await first).Commit);
    }

    private sealed class Lines : IProgress<string>
    {
        private readonly List<string> all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (all) return [.. all];
            }
        }

        public void Report(string value)
        {
            lock (all) all.Add(value);
        }
    }
}
