using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Activities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

public sealed class RunExecutorTests(PostgresFixture postgres)
{
    /// <summary>
    /// What a lost database looks like: nobody can write the end of the run, as if the process had died there.
    /// </summary>
    private static NpgsqlException Death => new("the connection is gone", new SocketException());

    [Fact]
    public async Task Execute_AllSteps_CompletesWithEachThingOnceAndEventsWithoutGaps()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");

        await bench.Executor.ExecuteAsync(run, CancellationToken.None);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Completed, view.Run.Status);
        Assert.Equal([StepStatus.Completed, StepStatus.Completed], view.Steps.Select(s => s.Status));
        Assert.Equal(2, bench.World.Made.Count);
        Assert.All(view.Changes, c => Assert.Equal(JournalState.Done, c.State));
        var events = await bench.EventsAsync(run);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Number));
        Assert.Equal("completed", events[^1].Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Execute_AfterDeathAroundTheCall_MakesItOnceAndKeepsTheWorkspace(bool afterItHappened)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        await using var replica = await bench.AnotherReplicaAsync();
        bench.World.Hold = new TaskCompletionSource();
        var first = bench.Executor.ExecuteAsync(run, CancellationToken.None);
        await bench.World.Entered.Task;
        if (afterItHappened) bench.World.BreakAfter = Death;
        else bench.World.BreakBefore = Death;
        bench.World.Hold.SetResult();
        Assert.Equal(AttemptEnd.Interrupted, (await first).End);
        bench.World.Hold = null;
        Assert.Equal(
            AttemptEnd.HeldElsewhere,
            (await replica.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None)).End);
        await bench.DieAsync();

        await replica.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Completed, view.Run.Status);
        Assert.Equal(2, view.Run.Attempt);
        Assert.Equal(2, bench.World.Made.Count);
        Assert.Equal(2, bench.World.Made.Distinct().Count());
        Assert.Contains("\"files\": 2", view.Steps[1].Output);
    }

    [Fact]
    public async Task Execute_RunTakenByAnother_WritesNothingMore()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        await using var replica = await bench.AnotherReplicaAsync();
        bench.World.Hold = new TaskCompletionSource();
        var slow = bench.Executor.ExecuteAsync(run, CancellationToken.None);
        await bench.World.Entered.Task;
        var hold = bench.World.Hold;
        bench.World.Hold = null;
        await bench.ForgetHolderAsync(run);
        await replica.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);
        var before = await bench.EventsAsync(run);

        hold.SetResult();
        await slow;

        Assert.Equal(before.Count, (await bench.EventsAsync(run)).Count);
        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
    }

    [Fact]
    public async Task Cancel_InsideAStep_EndsTheRunAndKeepsWhatWasMade()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var feed = bench.Get<RunListener>();
        await feed.StartAsync(CancellationToken.None);
        var run = await bench.StartAsync("one", "two");
        bench.World.Hold = new TaskCompletionSource();
        var executing = bench.Executor.ExecuteAsync(run, CancellationToken.None);
        await bench.World.Entered.Task;

        Assert.True((await bench.Get<CancelRun>().ExecuteAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);
        await executing;

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Cancelled, view.Run.Status);
        Assert.Equal(StepStatus.Cancelled, view.Steps[0].Status);
        Assert.Equal(StepStatus.Waiting, view.Steps[1].Status);
        Assert.Empty(bench.World.Made);
        await feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Cancel_AfterDeathInsideAStep_EndsTheStepToo()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        bench.World.BreakBefore = Death;
        Assert.Equal(AttemptEnd.Interrupted, (await bench.ExecuteAsync(run)).End);
        Assert.Equal(StepStatus.Running, (await bench.ReadAsync(run)).Steps[0].Status);

        Assert.True((await bench.Get<CancelRun>().ExecuteAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Cancelled, StepStatus.Cancelled), (view.Run.Status, view.Steps[0].Status));
        Assert.Empty(bench.World.Made);
    }

    [Fact]
    public async Task Retry_AfterAFailedStep_GoesOnFromThereAndUndoTakesAllAway()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        bench.World.Hold = new TaskCompletionSource();
        var executing = bench.Executor.ExecuteAsync(run, CancellationToken.None);
        await bench.World.Entered.Task;
        bench.World.BreakAfter = new ActionFailedException("The disk is full. Make room and retry.");
        bench.World.Hold.SetResult();
        await executing;
        bench.World.Hold = null;
        Assert.Equal("The disk is full. Make room and retry.", (await bench.ReadAsync(run)).Run.Failure);

        Assert.True((await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.Executor.ExecuteAsync(run, CancellationToken.None);
        Assert.Equal(2, bench.World.Made.Count);

        Assert.Equal(2, (await bench.Get<UndoRun>().PreviewAsync(
            run, RunBench.Ada, CancellationToken.None)).Value.Count(i => i.Preview.IsRemoved));
        Assert.True((await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.Executor.ExecuteAsync(run, CancellationToken.None);
        Assert.Empty(bench.World.Made);
        Assert.Equal(RunStatus.Undone, (await bench.ReadAsync(run)).Run.Status);
    }

    [Fact]
    public async Task Execute_RefusedByTheProvider_LeavesNoIntentThatBindsARetry()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        bench.World.BreakBefore = ProviderException.Conflict(
            "thing-exists", "There is one already. Choose another name.");

        await bench.Executor.ExecuteAsync(run, CancellationToken.None);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Failed, view.Run.Status);
        Assert.Empty(view.Changes);
        Assert.Empty(bench.World.Made);

        Assert.True((await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.Executor.ExecuteAsync(run, CancellationToken.None);
        Assert.Equal(2, bench.World.Made.Count);
    }

    [Fact]
    public async Task Execute_RefusedAfterItHappened_KeepsTheIntent()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        bench.World.BreakAfter = ProviderException.Invalid("record-refused", "The record of it was refused.");

        await bench.Executor.ExecuteAsync(run, CancellationToken.None);

        Assert.Equal(JournalState.Intent, Assert.Single((await bench.ReadAsync(run)).Changes).State);
        Assert.Single(bench.World.Made);
    }

    [Fact]
    public async Task Execute_WithASecret_LeavesItNowhereInTheDatabase()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        await bench.GiveSecretAsync(run, "correct horse battery");

        await bench.Executor.ExecuteAsync(run, CancellationToken.None);

        Assert.Contains(await bench.EventsAsync(run), e => e.Message == "making one with ***");
        var dump = await bench.DumpAsync();
        Assert.DoesNotContain("correct horse battery", dump, StringComparison.Ordinal);
        Assert.Null((await bench.ReadAsync(run)).Run.Secrets);
    }

    [Fact]
    public async Task Execute_EveryChange_StandsInTheAuditChain()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        await bench.Executor.ExecuteAsync(run, CancellationToken.None);

        var activity = (await bench.Get<ReadActivity>().ListAsync(
            new ActivityFilter { Subject = $"run:{run}" }, RunBench.Ada, CancellationToken.None)).Value;

        Assert.Equal(["run.completed", "thing.make", "run.started"], activity.Items.Select(e => e.Action));
    }
}
