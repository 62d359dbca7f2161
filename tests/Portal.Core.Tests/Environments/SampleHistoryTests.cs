using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>The shipped sample organisation looks like a company at work, and touches nothing that is real.</summary>
public sealed class SampleHistoryTests(PostgresFixture postgres)
{
    private static readonly Actor Chen = new(EntityRef.User("chen"), "Chen", [EntityRef.Group("platform")]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_EveryServiceHasPipelinesEnvironmentsAndCosts()
    {
        await using var shop = await LoadedAsync();
        await using var db = shop.Bench.Database.CreateDbContext();
        var services = await db.Set<CatalogEntity>().Where(e => e.IsSample && e.Kind == "Component").ToListAsync();

        Assert.Equal(8, services.Count);
        foreach (var service in services)
        {
            var runs = await db.Set<PipelineRun>().Where(r => r.RepositoryId == service.RepositoryId).ToListAsync();
            Assert.InRange(runs.Count, 8, 50);
            Assert.All(runs, r => Assert.True(r.CreatedAt < DateTimeOffset.UtcNow && r.IsSample && r.Info.IsFinished));
            Assert.Contains(runs, r => r.Status == PipelineStatus.Failed || runs.Count < 10);
            Assert.NotEmpty(await db.Set<PortalEnvironment>().Where(e => e.Component == service.Key).ToListAsync());
            var costs = await shop.Get<ReadCosts>().MonthAsync(
                new CostFilter { Month = DateTimeOffset.UtcNow.AddMonths(-1), Component = service.Key }, Chen,
                Cancellation);
            Assert.True(costs.Value.Total.Single().Amount > 0, service.Key);
        }
    }

    /// <summary>What stands in the audit trail has happened.</summary>
    [Fact]
    public async Task Load_TellsTheAuditTrailNothingButThatItWasLoaded()
    {
        await using var shop = await LoadedAsync();
        await using var db = shop.Bench.Database.CreateDbContext();

        Assert.DoesNotContain(
            await db.Set<AuditEvent>().Select(e => e.Subject).ToListAsync(),
            s => s.StartsWith("environment:", StringComparison.Ordinal)
                || s.StartsWith("pipeline:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweeps_LeaveItAlone()
    {
        await using var shop = await LoadedAsync();

        Assert.Equal(0, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
        Assert.Equal(0, await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation));
        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.False(await db.Set<Run>().AnyAsync());
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("destroy")]
    [InlineData("extend")]
    public async Task Operations_AreRefusedAndSayWhy(string operation)
    {
        await using var shop = await LoadedAsync();
        var request = operation switch
        {
            "stop" => OperationRequest.Stop,
            "destroy" => OperationRequest.Destroy(),
            _ => OperationRequest.Extend(TimeSpan.FromDays(1), sooner: true),
        };

        var plan = await shop.Get<ControlEnvironment>().PlanAsync(
            "sample-checkout-prod", request, Chen, Cancellation);

        Assert.Equal("sample-data", plan.Error?.Code);
        Assert.Contains("runs nowhere", plan.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PipelinesAndLogs_SayThatNothingRan()
    {
        await using var shop = await LoadedAsync();
        var pipelines = shop.Get<ReadPipelines>();

        Assert.Equal("sample-data", (await pipelines.RerunAsync("sample-checkout-1", Chen, Cancellation)).Error?.Code);
        Assert.Empty((await pipelines.LogAsync("sample-checkout-1", 0, 10, Chen, Cancellation)).Value);
        Assert.Empty((await shop.Get<ReadEnvironments>().LogAsync(
            "sample-checkout-prod", 0, 10, Chen, Cancellation)).Value);
    }

    [Fact]
    public async Task Remove_LeavesNothingOfItAndAllThatIsReal()
    {
        await using var shop = await LoadedAsync();
        var real = await shop.HasEnvironmentAsync();

        Assert.True((await shop.Get<SampleOrganisation>().RemoveAsync(Chen, Cancellation)).IsOk);

        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.Equal([real], await db.Set<PortalEnvironment>().Select(e => e.Id).ToListAsync());
        Assert.DoesNotContain(await db.Set<PipelineRun>().ToListAsync(), r => r.IsSample);
        Assert.False(await db.Set<RepositoryRow>().AnyAsync(r => r.Provider == SampleOrganisation.Provider));
        Assert.Empty(await db.Set<UsageInterval>().Where(u => u.EnvironmentId.StartsWith("sample-")).ToListAsync());
        Assert.Empty(await db.Set<Deployment>().Where(d => d.EnvironmentId.StartsWith("sample-")).ToListAsync());
    }

    private async Task<Shop> LoadedAsync()
    {
        var shop = await Shop.OpenAsync(postgres);
        var sample = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples/organisation.yaml"));
        await shop.Get<SampleOrganisation>().LoadAsync(sample, Cancellation);
        return shop;
    }
}
