using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

public sealed class WaitTests(PostgresFixture postgres)
{
    private static readonly Actor Grace = new(EntityRef.User("grace"), "Grace", [EntityRef.Group("platform")]);
    private static readonly Actor Linus = new(EntityRef.User("linus"), "Linus", [EntityRef.Group("orders")]);

    private static readonly Actor Eve = new(EntityRef.User("eve"), "Eve", [EntityRef.Group("payments")]);

    private readonly QuickTimeProvider clock = new(20);

    [Fact]
    public async Task Approve_ByAnApprover_GoesOnWithWhoAndWhatTheySaid()
    {
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync(Around(Approval()));
        Assert.Equal(AttemptEnd.Waiting, (await bench.ExecuteAsync(run)).End);

        Assert.True(
            (await bench.Get<WakeRun>().DecideAsync(run, true, "fine by me", Grace, CancellationToken.None)).IsOk);
        Assert.Equal(RunStatus.Queued, (await bench.ReadAsync(run)).Run.Status);
        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Completed, view.Run.Status);
        var output = JsonNode.Parse(view.Steps[1].Output!)!;
        Assert.Equal(("user:default/grace", "fine by me"), ((string?)output["by"], (string?)output["comment"]));
        Assert.Equal(2, bench.World.Made.Count);
    }

    [Fact]
    public async Task Reject_ByAnApprover_FailsAndARetryAsksAgain()
    {
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync(Around(Approval()));
        await bench.ExecuteAsync(run);

        Assert.True(
            (await bench.Get<WakeRun>().DecideAsync(run, false, "too dear", Grace, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);
        Assert.Equal("user:default/grace rejected it: too dear", (await bench.ReadAsync(run)).Run.Failure);

        Assert.True((await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None)).IsOk);
        Assert.Equal(AttemptEnd.Waiting, (await bench.ExecuteAsync(run)).End);
        Assert.True((await bench.Get<WakeRun>().DecideAsync(run, true, null, Grace, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);
        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Empty(bench.World.Twice);
    }

    [Fact]
    public async Task Decide_ByWhoStartedItOrMayNot_IsRefusedAndItWaitsOn()
    {
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync([Approval("group:default/platform", "user:default/ada")]);
        await bench.ExecuteAsync(run);
        var wake = bench.Get<WakeRun>();

        Assert.Equal(
            "own-approval",
            (await wake.DecideAsync(run, true, null, RunBench.Ada, CancellationToken.None)).Error?.Code);
        Assert.Equal(
            "not-approver", (await wake.DecideAsync(run, true, null, Linus, CancellationToken.None)).Error?.Code);
        Assert.Equal(RunStatus.Waiting, (await bench.ReadAsync(run)).Run.Status);

        Assert.True((await wake.DecideAsync(run, true, null, Grace, CancellationToken.None)).IsOk);
        Assert.Equal(
            "run-not-waiting", (await wake.DecideAsync(run, false, null, Grace, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Sweep_AfterTheTimeForAnApproval_FailsTheRunAndNotBefore()
    {
        var step = Approval() with { Input = new JsonObject { ["approvers"] = new JsonArray(
            "platform"), ["question"] = "May it?", ["within"] = "2d" } };
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync([step]);
        await bench.ExecuteAsync(run);
        clock.Advance(TimeSpan.FromDays(1.9));
        await SweepAsync(bench);
        Assert.Equal(RunStatus.Waiting, (await bench.ReadAsync(run)).Run.Status);

        clock.Advance(TimeSpan.FromDays(0.2));
        await SweepAsync(bench);
        await bench.ExecuteAsync(run);

        Assert.Equal(
            "Nobody approved in time. Ask the approvers, then create again.", (await bench.ReadAsync(run)).Run.Failure);
    }

    [Fact]
    public async Task Tell_TheEventItWaitsFor_GoesOnElsewhereWithTheData()
    {
        var wait = new StepSpec("wait", "Wait", "wait:event", new JsonObject { ["event"] = "merged" });
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync(Around(wait));
        await bench.ExecuteAsync(run);
        Assert.Null((await bench.ReadAsync(run)).Run.HeldBy);
        var wake = bench.Get<WakeRun>();
        Assert.Equal(
            "run-no-such-event",
            (await wake.TellAsync(run, "closed", null, RunBench.Ada, CancellationToken.None)).Error?.Code);
        Assert.Equal(
            "not-allowed", (await wake.TellAsync(run, "merged", null, Eve, CancellationToken.None)).Error?.Code);
        Assert.Equal("event-too-large", (await wake.TellAsync(
            run, "merged", new JsonObject { ["a"] = new string('x', 70_000) }, RunBench.Ada,
            CancellationToken.None)).Error?.Code);

        Assert.True((await wake.TellAsync(
            run, "merged", new JsonObject { ["commit"] = "abc" }, RunBench.Ada, CancellationToken.None)).IsOk);
        // The replica where it began lives on and is not asked: a wait holds nothing.
        await using var other = await bench.AnotherReplicaAsync();
        Assert.Equal(
            AttemptEnd.Over,
            (await other.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None)).End);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Completed, view.Run.Status);
        Assert.Equal("abc", (string?)JsonNode.Parse(view.Steps[1].Output!)!["data"]!["commit"]);
        Assert.Contains("\"files\": 2", view.Steps[2].Output);
        Assert.Equal(2, bench.World.Made.Count);
    }

    [Fact]
    public async Task Sweep_AtTheTimeThatItWaitsUntil_GoesOn()
    {
        var at = clock.GetUtcNow() + TimeSpan.FromDays(30);
        var wait = new StepSpec(
            "wait", "Wait", "wait:until", new JsonObject { ["time"] = at.ToString("O", CultureInfo.InvariantCulture) });
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync(Around(wait));
        Assert.Equal(AttemptEnd.Waiting, (await bench.ExecuteAsync(run)).End);
        await SweepAsync(bench);
        Assert.Equal(AttemptEnd.Over, (await bench.ExecuteAsync(run)).End);
        Assert.Single(bench.World.Made);

        clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        await SweepAsync(bench);
        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal(2, bench.World.Made.Count);
    }

    [Fact]
    public async Task Cancel_WhileItWaits_EndsItAtOnce()
    {
        await using var bench = await WaitingAsync();
        var run = await bench.StartAsync(Around(Approval()));
        await bench.ExecuteAsync(run);

        Assert.True((await bench.Get<CancelRun>().ExecuteAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);

        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Cancelled, null, null), (view.Run.Status, view.Run.Wait, view.Run.WakeAt));
        Assert.DoesNotContain(view.Steps, s => s.Status == StepStatus.Running);
        Assert.Equal(
            "run-not-waiting",
            (await bench.Get<WakeRun>().DecideAsync(run, true, null, Grace, CancellationToken.None)).Error?.Code);
    }

    private static StepSpec Approval(params string[] approvers) => new(
        "wait", "Ask", "wait:approval",
        new JsonObject { ["approvers"] = new JsonArray(
        [
            .. (approvers.Length == 0 ? ["group:default/platform"] : approvers).Select(a => JsonValue.Create(a))
        ]), ["question"] = "May it?" });

    private static List<StepSpec> Around(StepSpec wait) => [Make("before"), wait, Make("after")];

    private static StepSpec Make(string name) =>
        new(name, $"Make {name}", "test:make", new JsonObject { ["name"] = name });

    private Task<RunBench> WaitingAsync() => RunBench.CreateAsync(postgres, new BenchSetup { Time = clock });

    private static Task SweepAsync(RunBench bench) =>
        ActivatorUtilities.CreateInstance<RunSweepJob>(bench.Get<IServiceProvider>())
            .SweepAsync(CancellationToken.None);
}
