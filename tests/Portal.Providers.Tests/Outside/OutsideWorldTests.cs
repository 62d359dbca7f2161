using System.Net;
using System.Net.Http.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.Outside;

/// <summary>The stand-in's own ways: it is as unkind as the real ones, goes wrong as told, and counts.</summary>
public sealed class OutsideWorldTests : IAsyncLifetime
{
    private readonly OutsideFixture outside = new() { TimeoutSeconds = 2 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => outside.InitializeAsync();

    public ValueTask DisposeAsync() => outside.DisposeAsync();

    [Theory]
    [InlineData(OutsideFault.FailBefore, 0, true)]
    [InlineData(OutsideFault.FailAfter, 1, true)]
    [InlineData(OutsideFault.CutAfter, 1, true)]
    [InlineData(OutsideFault.HangAfter, 1, true)]
    public async Task CreateRepository_GoesWrong_IsNotRepeatedAndTheLedgerKnows(
        OutsideFault fault, int made, bool mayHaveHappened)
    {
        outside.World.Faults.Plan(OutsideRoutes.CreateRepository, fault);
        var name = new RepositoryName("shop", "orders");
        var error = await Assert.ThrowsAsync<ProviderException>(() => outside.CreateAsync(name));
        Assert.Equal((mayHaveHappened, true), (error.MayHaveHappened, error.IsTransient));
        Assert.Equal((made, 1), (outside.World.Ledger.MadeOf(OutsideThing.Repository).Count, outside.World.Ledger.Calls(
            OutsideRoutes.CreateRepository)));
        Assert.Equal([(OutsideRoutes.CreateRepository, fault)], outside.World.Faults.Happened);
        Assert.Equal(made == 1, await outside.Repositories.FindAsync(
            name, Cancellation) is { Mark: "mark-orders", Owner: "group:default/checkout" });
    }

    [Fact]
    public async Task CreateRepository_Limited_IsSentAgainAndMadeOnce()
    {
        outside.World.Faults.Plan(OutsideRoutes.CreateRepository, OutsideFault.Limit);
        await outside.CreateAsync(new RepositoryName("shop", "orders"));
        Assert.Equal(
            (1, 2), (outside.World.Ledger.Made.Count, outside.World.Ledger.Calls(OutsideRoutes.CreateRepository)));
    }

    [Theory]
    [InlineData(OutsideFault.FailAfter)]
    [InlineData(OutsideFault.CutAfter)]
    [InlineData(OutsideFault.HangAfter)]
    public async Task Dispatch_GoesWrongAfterTheWork_CorrelationMakesItOnce(OutsideFault fault)
    {
        var name = new RepositoryName("shop", "orders");
        await outside.CreateAsync(name, ("ci.yml", "on: push"));
        outside.World.Faults.Plan(OutsideRoutes.Dispatch, fault);
        var run =
            await outside.Pipelines.TriggerAsync(new TriggerPipeline(name, "ci.yml", "main", "the-one"), Cancellation);
        Assert.Equal(run.Id, Assert.Single(outside.World.Ledger.MadeOf(OutsideThing.PipelineRun)).Name);
        Assert.Equal(2, outside.World.Ledger.Calls(OutsideRoutes.Dispatch));
        Assert.Empty(outside.World.Ledger.Duplicates);
    }

    [Fact]
    public async Task Dispatch_WithoutCorrelation_MakesTwo()
    {
        var name = new RepositoryName("shop", "orders");
        await outside.CreateAsync(name, ("ci.yml", "on: push"));
        using var client = new HttpClient { BaseAddress = outside.World.Address };
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var answer = await client.PostAsJsonAsync(
                $"/repositories/{name}/runs", new { workflow = "ci.yml", reference = "main" }, Cancellation);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
        Assert.Equal(2, outside.World.Ledger.MadeOf(OutsideThing.PipelineRun).Count);
    }

    [Fact]
    public async Task CreateEnvironment_AgainWithAnotherId_IsADuplicate()
    {
        var name = new RepositoryName("shop", "orders");
        await outside.CreateAsync(name, ("ci.yml", "on: push"));
        var run =
            await outside.Pipelines.TriggerAsync(new TriggerPipeline(name, "ci.yml", "main", "the-one"), Cancellation);
        foreach (var id in (string[])["env-1", "env-2"])
        {
            await outside.Environments.CreateAsync(new CreateEnvironment(
                id, "dev", "dev", name, new EnvironmentVersion(run.Id, run.Commit), "small", "the-effect",
                new Dictionary<string, string>()), Cancellation);
        }
        Assert.Equal("env-2", Assert.Single(outside.World.Ledger.Duplicates).Name);
        Assert.Equal(
            ["env-1", "env-2"],
            outside.World.Listing.Where(t => t.Kind == OutsideThing.Environment).Select(t => t.Name));
    }

    [Fact]
    public async Task Destroy_FailsAfterTheWork_IsRepeatedAndGoneOnce()
    {
        var name = new RepositoryName("shop", "orders");
        var before = outside.World.Listing;
        await outside.CreateAsync(name);
        outside.World.Faults.Plan(OutsideRoutes.DeleteRepository, OutsideFault.FailAfter).Plan(
            OutsideRoutes.DeleteRepository, OutsideFault.FailBefore);
        await outside.Repositories.DeleteAsync(name, Cancellation);
        _ = Assert.Single(outside.World.Ledger.Removed);
        Assert.Equal(before, outside.World.Listing);
    }

    [Fact]
    public async Task PipelineTime_Set_RunsThatLong()
    {
        var name = new RepositoryName("shop", "orders");
        await outside.CreateAsync(name, ("ci.yml", "on: push"));
        outside.World.PipelineTime = TimeSpan.FromMilliseconds(300);
        var run =
            await outside.Pipelines.TriggerAsync(new TriggerPipeline(name, "ci.yml", "main", "the-one"), Cancellation);
        Assert.Equal(PipelineStatus.Running, run.Status);
        var ended = await Eventually.GetAsync(async () => await outside.Pipelines.FindAsync(
            run.Id, Cancellation) is { IsFinished: true } done ? done : null, "its end");
        Assert.Equal((PipelineStatus.Passed, "app"), (ended.Status, Assert.Single(ended.Artifacts).Name));
    }

    [Fact]
    public async Task List_CancelledWhileTheWorldHangs_Ends()
    {
        outside.World.Faults.Plan(OutsideRoutes.ListRepositories, OutsideFault.HangAfter, times: 9);
        using var source = new CancellationTokenSource();
        var call = outside.Repositories.ListAsync(source.Token);
        await Eventually.TrueAsync(() => Task.FromResult(outside.World.Faults.Happened.Count > 0), "the call to hang");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
