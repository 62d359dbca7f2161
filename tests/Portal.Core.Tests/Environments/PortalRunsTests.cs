using Microsoft.EntityFrameworkCore;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>What the portal wants done by itself: one run for each wish, however often its sweeps come by.</summary>
public sealed class PortalRunsTests(PostgresFixture postgres)
{
    private static readonly string ByItself = Actor.System.Ref.ToString();

    private readonly QuickTimeProvider time = new(50);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DestroyExpired_HostIsDownForANight_IsOneRunThatIsTriedAgainEverMoreSeldom()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var id = await EndedAsync(shop);
        shop.Host.OnOperation = _ => throw ProviderException.Unavailable("down", "It does not answer.");
        var begun = await SweepAsync(shop, TimeSpan.FromHours(10), TimeSpan.FromMinutes(10));

        var run = Assert.Single(await RunsAsync(shop));
        Assert.Equal((RunStatus.Failed, "It does not answer.", ByItself), (run.Status, run.Failure, run.CreatedBy));
        // After 1, 2, 4 … 32 minutes, then each hour.
        Assert.InRange(begun, 10, 16);
        Assert.Equal(begun, run.Attempt);
        var view = (await shop.Get<ReadEnvironments>().FindAsync(id, RunBench.Ada, Cancellation)).Value;
        Assert.Equal(run.Id, Assert.Single(view.Runs).Id);
        Assert.InRange((PortalRuns.NextAt(run)!.Value - run.FinishedAt!.Value).TotalMinutes, 60, 60);

        shop.Host.OnOperation = null;
        await SweepAsync(shop, TimeSpan.FromHours(2), TimeSpan.FromMinutes(10));
        Assert.Equal(RunStatus.Completed, Assert.Single(await RunsAsync(shop)).Status);
        Assert.Equal(EnvironmentStatus.Destroyed, (await shop.EnvironmentAsync(id)).Status);
    }

    [Fact]
    public async Task DestroyExpired_WhileARunIsUnderWay_StartsNoSecond()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        await EndedAsync(shop);

        Assert.Equal(1, await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation));
        Assert.Equal(0, await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation));

        Assert.Single(await RunsAsync(shop));
    }

    [Fact]
    public async Task DestroyExpired_EndMovedBeforeTheRunCameToIt_StaysAndIsNotTriedAgain()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var id = await EndedAsync(shop);
        await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation);
        await EndAsync(shop, id, time.GetUtcNow().AddDays(1));

        await shop.WorkOffAsync();

        var run = Assert.Single(await RunsAsync(shop));
        Assert.Equal((RunStatus.Failed, "The end of dev was moved meanwhile; it stays."), (run.Status, run.Failure));
        Assert.DoesNotContain("destroy environment", shop.Host.Changes);
        Assert.Equal(0, await SweepAsync(shop, TimeSpan.FromHours(3), TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public async Task Deliver_NewVersion_IsARunOfThePortals()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var (id, version) = await BehindAsync(shop);

        Assert.Equal(1, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
        Assert.Equal(0, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
        await shop.WorkOffAsync();

        var run = Assert.Single(await RunsAsync(shop));
        Assert.Equal(
            (RunStatus.Completed, "Deploy environment dev of orders", $"environment:{id}", ByItself),
            (run.Status, run.Title, run.Subject, run.CreatedBy));
        Assert.Equal(version, (await shop.EnvironmentAsync(id)).PipelineRunId);
        Assert.Equal(0, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_VersionThatDoesNotBecomeHealthy_IsOneAttempt()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var (id, version) = await BehindAsync(shop);
        shop.Host.OnOperation = _ => throw ProviderException.Invalid("unhealthy", "It answers 500.");

        Assert.Equal(1, await SweepAsync(shop, TimeSpan.FromHours(6), TimeSpan.FromMinutes(20)));

        var deployment = await DeploymentAsync(shop, id, version);
        Assert.Equal(
            (DeploymentStatus.Failed, "It answers 500.", false),
            (deployment.Status, deployment.Message, deployment.TryAgain));
        Assert.Single(await RunsAsync(shop));
    }

    [Fact]
    public async Task Deliver_HostIsAway_IsTriedAgainUntilItIsThere()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var (id, version) = await BehindAsync(shop);
        shop.Host.OnOperation = _ =>
            throw ProviderException.Transient("away", "It does not answer.", mayHaveHappened: false);
        Assert.InRange(await SweepAsync(shop, TimeSpan.FromHours(3), TimeSpan.FromMinutes(10)), 3, 9);
        var failed = await DeploymentAsync(shop, id, version);
        Assert.Equal((DeploymentStatus.Failed, true), (failed.Status, failed.TryAgain));

        shop.Host.OnOperation = null;
        await SweepAsync(shop, TimeSpan.FromHours(2), TimeSpan.FromMinutes(10));

        Assert.Equal(DeploymentStatus.Succeeded, (await DeploymentAsync(shop, id, version)).Status);
        Assert.Equal(RunStatus.Completed, Assert.Single(await RunsAsync(shop)).Status);
    }

    [Fact]
    public async Task Deliver_VersionThatSomebodyTookBack_DoesNotComeAgain()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var (id, version) = await BehindAsync(shop);
        await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation);
        await shop.WorkOffAsync();
        var run = Assert.Single(await RunsAsync(shop)).Id;

        Assert.True((await shop.Get<UndoRun>().StartAsync(run, RunBench.Ada, Cancellation)).IsOk);
        await shop.Bench.ExecuteAsync(run);

        Assert.Equal("run-1", (await shop.EnvironmentAsync(id)).PipelineRunId);
        Assert.Equal(
            "ada undid it: the version from before runs again.", (await DeploymentAsync(shop, id, version)).Message);
        Assert.Equal(0, await SweepAsync(shop, TimeSpan.FromHours(3), TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public async Task Lists_OfRuns_LeaveOutThePortalsOwnUnlessTheyAreAskedFor()
    {
        await using var shop = await Shop.OpenAsync(postgres, time);
        var id = await EndedAsync(shop);
        await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation);
        var mine = await shop.Bench.StartAsync("thing");
        var read = shop.Get<ReadRuns>();

        Assert.Equal(
            [mine], (await read.ListAsync(new RunFilter(), RunBench.Ada, Cancellation)).Value.Items.Select(r => r.Id));
        Assert.Equal(
            1, (await read.CountByStatusAsync(new RunFilter(), RunBench.Ada, Cancellation)).Value[RunStatus.Queued]);
        Assert.Single(
            (await read.ListAsync(new RunFilter { CreatedBy = ByItself }, RunBench.Ada, Cancellation)).Value.Items);
        Assert.Single(
            (await read.ListAsync(new RunFilter { Subject = $"environment:{id}" }, RunBench.Ada, Cancellation))
                .Value.Items);
    }

    /// <summary>Both sweeps, again and again, and what they start is executed; returns how much they began.</summary>
    private async Task<int> SweepAsync(Shop shop, TimeSpan during, TimeSpan each)
    {
        var begun = 0;
        for (var passed = TimeSpan.Zero; passed <= during; passed += each)
        {
            begun += await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation);
            begun += await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation);
            await shop.WorkOffAsync();
            time.Advance(each);
        }
        return begun;
    }

    private async Task<string> EndedAsync(Shop shop)
    {
        var id = await shop.HasEnvironmentAsync();
        await EndAsync(shop, id, time.GetUtcNow().AddMinutes(-1));
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<PortalEnvironment>()
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.FollowsDefaultBranch, false), Cancellation);
        return id;
    }

    private static async Task EndAsync(Shop shop, string id, DateTimeOffset end)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<PortalEnvironment>().Where(e => e.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, end), Cancellation);
    }

    /// <summary>An environment with the first version, and a second that has passed.</summary>
    private static async Task<(string Id, string Version)> BehindAsync(Shop shop)
    {
        var id = await shop.HasEnvironmentAsync(version: "run-1");
        var built = await shop.Host.TriggerAsync(
            new TriggerPipeline(OrdersService.Repository, "ci.yml", "main", "second"), Cancellation);
        await shop.HeardAsync(built.Id, "main", PipelineStatus.Passed, "app");
        return (id, built.Id);
    }

    private static async Task<Deployment> DeploymentAsync(Shop shop, string id, string version)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        return await db.Set<Deployment>()
            .SingleAsync(d => d.EnvironmentId == id && d.PipelineRunId == version, Cancellation);
    }

    private static async Task<List<Run>> RunsAsync(Shop shop)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        return await db.Set<Run>().AsNoTracking().ToListAsync(Cancellation);
    }
}
