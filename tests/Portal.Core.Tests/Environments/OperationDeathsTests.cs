using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.Core.Tests.Runs.Properties;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>Whatever a process dies at, an operation is done once, told once, and can be taken back once.</summary>
public sealed class OperationDeathsTests(PostgresFixture postgres)
{
    private const string Adopted = "/groups/orders-test";

    private static readonly string[] Kinds =
    [
        "environment.stop", "environment.start", "environment.extend", "environment.deploy", "environment.destroy",
        "environment.release",
    ];

    private static readonly JournalBoundary[] Forward =

        [
            JournalBoundary.BeforeIntent, JournalBoundary.AfterIntent, JournalBoundary.AfterCall,
            JournalBoundary.AfterResult
        ];

    private static readonly JournalBoundary[] Back =
        [JournalBoundary.BeforeUndo, JournalBoundary.AfterUndoCall, JournalBoundary.AfterUndoResult];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, JournalBoundary, JournalBoundary> Cases()
    {
        var cases = new TheoryData<string, JournalBoundary, JournalBoundary>();
        foreach (var kind in Kinds)
        {
            for (var i = 0; i < Forward.Length; i++) cases.Add(kind, Forward[i], Back[i % Back.Length]);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Operation_ProcessDiesAtABoundary_IsDoneOnceAndTakenBackOnce(
        string kind, JournalBoundary forward, JournalBoundary back)
    {
        var deaths = new DeathPoints();
        await using var shop = await Shop.OpenAsync(postgres, new QuickTimeProvider(50), failPoints: deaths);
        var id = await ReadyAsync(shop, kind);
        var before = await shop.EnvironmentAsync(id);
        shop.Host.Changes.Clear();
        var run = await StartAsync(shop, kind, id);

        await DieAsync(shop, deaths, run, forward);

        var view = await shop.Bench.ReadAsync(run);
        Assert.Equal((RunStatus.Completed, JournalState.Done), (view.Run.Status, Assert.Single(view.Changes).State));
        var after = await shop.EnvironmentAsync(id);
        Assert.True(IsDone(kind, before, after), $"{after.Status} {after.PipelineRunId} {after.ExpiresAt}");
        Assert.InRange(
            shop.Host.Changes.Count(c => c.EndsWith(" environment", StringComparison.Ordinal)), 0,
            kind == "environment.destroy" ? 2 : 1);
        Assert.Equal(1, await ToldAsync(shop, id));

        shop.Host.Changes.Clear();
        Assert.True((await shop.Get<UndoRun>().StartAsync(run, RunBench.Ada, Cancellation)).IsOk);
        await DieAsync(shop, deaths, run, back);

        Assert.Equal(RunStatus.Undone, (await shop.Bench.ReadAsync(run)).Run.Status);
        var undone = await shop.EnvironmentAsync(id);
        if (kind is "environment.destroy" or "environment.release")
        {
            Assert.Equal(EnvironmentStatus.Destroyed, undone.Status);
        }
        else Assert.Equal(
            (before.Status, before.PipelineRunId, before.ExpiresAt),
            (undone.Status, undone.PipelineRunId, undone.ExpiresAt));
        Assert.InRange(shop.Host.Changes.Count, 0, 1);
    }

    /// <summary>An operation that is new has to be in the list above.</summary>
    [Fact]
    public async Task Operations_AllThatAreRegistered_AreTriedHere()
    {
        await using var shop = await Shop.OpenAsync(postgres);

        var registered = shop.Get<IEnumerable<RegisteredEffect>>().Select(e => e.Kind)
            .Where(k => k.StartsWith("environment.", StringComparison.Ordinal));

        Assert.Equal(
            Kinds.Order(StringComparer.Ordinal),
            registered.Except(["environment.create", "environment.adopt"]).Order(StringComparer.Ordinal));
    }

    private static bool IsDone(string kind, PortalEnvironment before, PortalEnvironment after) => kind switch
    {
        "environment.stop" => after.Status == EnvironmentStatus.Stopped,
        "environment.start" => after.Status == EnvironmentStatus.Running,
        "environment.extend" => after.ExpiresAt is not null && before.ExpiresAt is null,
        "environment.deploy" => after.PipelineRunId != before.PipelineRunId,
        "environment.destroy" => after is { Status: EnvironmentStatus.Destroyed, IsReleased: false },
        _ => after.IsReleased,
    };

    /// <summary>An environment that it can be done to.</summary>
    private static async Task<string> ReadyAsync(Shop shop, string kind)
    {
        if (kind == "environment.release")
        {
            var adopting = shop.Get<RequestAdoption>().ExecuteAsync(
                new AdoptionRequest("local", Adopted, Shop.Orders, "test", "test", null), Shop.Pat, Cancellation);
            await shop.DoneAsync(adopting);
            return Assert.Single(await shop.EnvironmentsAsync()).Id;
        }
        var id = await shop.HasEnvironmentAsync(version: "run-1");
        if (kind == "environment.start")
        {
            await shop.DoneAsync(
                shop.Get<ControlEnvironment>().ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation));
        }
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<AuditEvent>().ExecuteDeleteAsync(Cancellation);
        return id;
    }

    private static async Task<Guid> StartAsync(Shop shop, string kind, string id)
    {
        var control = shop.Get<ControlEnvironment>();
        var started = kind switch
        {
            "environment.stop" => await control.ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation),
            "environment.start" => await control.ExecuteAsync(id, OperationRequest.Start, RunBench.Ada, Cancellation),
            "environment.extend" =>
                await control.ExecuteAsync(
                    id, OperationRequest.Extend(TimeSpan.FromDays(1), sooner: true), RunBench.Ada, Cancellation),
            "environment.destroy" =>
                await control.ExecuteAsync(id, OperationRequest.Destroy(), RunBench.Ada, Cancellation),
            "environment.release" =>
                await control.ExecuteAsync(id, OperationRequest.Release, RunBench.Ada, Cancellation),
            _ => await DeployAsync(shop, id),
        };
        return started.Value;
    }

    private static async Task<Result<Guid>> DeployAsync(Shop shop, string id)
    {
        var built = await shop.Host.TriggerAsync(
            new TriggerPipeline(RepositoryName.Parse("orders/orders"), "ci.yml", "main", "second"), Cancellation);
        var input = new JsonObject { ["environment"] = id, ["pipelineRun"] = built.Id };
        var proposal = new RunProposal(
            "Deploy", RunSpec.Own("deploy", "Deploy", "environment:deploy", input), [], EntityRef.Group("orders"));
        return await shop.Get<StartRun>().ExecuteAsync(proposal, RunBench.Ada, Cancellation);
    }

    /// <summary>Whoever is at it dies there, and another goes on.</summary>
    private static async Task DieAsync(Shop shop, DeathPoints deaths, Guid run, JournalBoundary at)
    {
        var first = await shop.Bench.AnotherReplicaAsync();
        deaths.Arm(at, 1);
        await first.GetRequiredService<RunExecutor>().ExecuteAsync(run, Cancellation);
        deaths.Disarm();
        Assert.True(deaths.Happened);
        await first.GetRequiredService<ReplicaLease>().StopAsync(Cancellation);
        await first.DisposeAsync();
        await shop.Bench.ForgetHolderAsync(run);
        await shop.EndAsync(run);
    }

    private static async Task<int> ToldAsync(Shop shop, string id)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        return await db.Set<AuditEvent>().CountAsync(
            e => e.Subject == $"environment:{id}" && e.Action != "environment.adopted", Cancellation);
    }
}
