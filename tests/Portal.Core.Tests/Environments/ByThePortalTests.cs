using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Environments.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>What the portal does with environments by itself, and with its own rights.</summary>
public sealed class ByThePortalTests(PostgresFixture postgres)
{
    private static readonly string System = Actor.System.Ref.ToString();

    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DestroyExpired_WhatHasReachedItsEnd_NamesThePortalAndLeavesAllOthers()
    {
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: new FakeClocks(time));
        var due = await EndingAsync(shop, "due", TimeSpan.FromHours(1));
        var later = await EndingAsync(shop, "later", TimeSpan.FromHours(3));
        var endless = await shop.HasEnvironmentAsync("endless");
        time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, await shop.Get<ControlEnvironment>().DestroyExpiredAsync(Cancellation));
        Assert.Equal(1, await shop.WorkOffAsync());

        Assert.NotNull((await shop.EnvironmentAsync(due)).DestroyedAt);
        Assert.Null((await shop.EnvironmentAsync(later)).DestroyedAt);
        Assert.Null((await shop.EnvironmentAsync(endless)).DestroyedAt);
        Assert.Equal([($"environment:{due}", System)], await ToldAsync(shop, "environment.destroyed"));
    }

    /// <summary>
    /// Only what the repository of the environment built on its default branch: somebody was asked for that push.
    /// </summary>
    [Fact]
    public async Task Deliver_ANewVersion_NamesThePortalAndTakesItFromNowhereElse()
    {
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: new FakeClocks(time));
        var id = await shop.HasEnvironmentAsync();
        var row = await shop.EnvironmentAsync(id);
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<PipelineRun>().ExecuteDeleteAsync(Cancellation);
        await db.Set<PortalEnvironment>().ExecuteUpdateAsync(s => s.SetProperty(e => e.FollowsDefaultBranch, true)
            .SetProperty(e => e.RepositoryProvider, "local")
            .SetProperty(e => e.Status, EnvironmentStatus.Running), Cancellation);
        await AddRunAsync(shop, "of-another", "storefront/shop", "main");
        await AddRunAsync(shop, "of-a-branch", row.Repository, "mine");
        Assert.Equal(0, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));

        await AddRunAsync(shop, "newest", row.Repository, "main");
        Assert.Equal(1, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
        await shop.WorkOffAsync();

        var deployment = await db.Set<Deployment>().SingleAsync(d => d.EnvironmentId == id, Cancellation);
        Assert.Equal(("newest", System), (deployment.PipelineRunId, deployment.By));
        Assert.Equal([($"environment:{id}", System)], await ToldAsync(shop, "deployment."));
    }

    /// <summary>A step of a template and the portal's own delivery may want the same version at once.</summary>
    [Fact]
    public async Task Deploy_OfOneVersionByManyAtOnce_IsOneDeployment()
    {
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: new FakeClocks(time));
        var row = await shop.EnvironmentAsync(await shop.HasEnvironmentAsync());
        var args = OperationArgs.Of(row) with { PipelineRun = "newest" };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => shop.Get<DeploymentRecords>().BeginAsync(Actor.System, args, Cancellation)));

        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.Equal("newest", (await db.Set<Deployment>().SingleAsync(
            d => d.EnvironmentId == row.Id && d.PipelineRunId == "newest", Cancellation)).PipelineRunId);
    }

    /// <summary>Who fills in a form could name any, and run what it built as their own.</summary>
    [Fact]
    public async Task Create_FromAPipelineRunOfAnotherRepository_IsRefused()
    {
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: new FakeClocks(time));
        var author = new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch);
        var theirs = new RepositoryName("storefront", "shop");
        await shop.Host.CreateAsync(new CreateRepository(
            theirs, "", "main", Portal.Core.Shared.Files.FileTree.Empty, "First", author, "earlier",
            "group:default/storefront"), Cancellation);
        var run = await shop.Host.TriggerAsync(new TriggerPipeline(theirs, "ci.yml", "main", "theirs"), Cancellation);
        var effect = shop.Get<EnvironmentCreateEffect>();
        var args = new EnvironmentCreateArgs(
            shop.Host.Instance, shop.Host.Instance, "orders-dev-1", "dev", "dev", "small",
            new RepositoryName("orders", "orders"), Shop.Orders.ToString(), run.Id, null, null, true, "Ada",
            Guid.CreateVersion7());

        var refused = await Assert.ThrowsAsync<ProviderException>(
            () => effect.PerformAsync(new EffectContext("id", "mark", Shop.Pat, _ => { }), args, Cancellation));

        Assert.Equal("pipeline-of-another", refused.Error.Code);
        Assert.Empty(await shop.EnvironmentsAsync());
    }

    private async Task<string> EndingAsync(Shop shop, string name, TimeSpan span)
    {
        var id = await shop.HasEnvironmentAsync(name);
        var end = time.GetUtcNow() + span;
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<PortalEnvironment>().Where(e => e.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(e => e.ExpiresAt, end), Cancellation);
        return id;
    }

    private static async Task AddRunAsync(Shop shop, string id, string repository, string branch)
    {
        var info = await shop.Host.TriggerAsync(
            new TriggerPipeline(RepositoryName.Parse("orders/orders"), "ci.yml", "main", id), Cancellation);
        await using var db = shop.Bench.Database.CreateDbContext();
        db.Add(OrdersService.Row("local", info with
        {
            Id = id, Repository = RepositoryName.Parse(repository), Branch = branch, Status = PipelineStatus.Passed,
            FinishedAt = DateTimeOffset.UnixEpoch, Artifacts = [new ArtifactInfo("app", 1, 1)],
        }));
        await db.SaveChangesAsync(Cancellation);
    }

    private static async Task<List<(string, string)>> ToldAsync(Shop shop, string kind)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        var told = await db.Set<AuditEvent>().Where(e => e.Action.StartsWith(kind)).OrderBy(e => e.Number)
            .Select(e => new { e.Subject, e.Actor }).ToListAsync(Cancellation);
        return [.. told.Select(e => (e.Subject, e.Actor))];
    }
}
