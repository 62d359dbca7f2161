using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>A process that is asked to stop, and the limit of one person.</summary>
public sealed class DrainTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Stop_InsideACall_EndsTheCallAndHandsOverToAnother()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        bench.World.Hold = new TaskCompletionSource();
        var executing = bench.ExecuteAsync(run);
        await bench.World.Entered.Task;

        bench.AskToStop();
        bench.World.Hold.SetResult();
        var end = await executing;
        bench.World.Hold = null;

        Assert.Equal(AttemptEnd.HandedOver, end.End);
        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Running, null), (view.Run.Status, view.Run.HeldBy));
        Assert.Equal(JournalState.Done, Assert.Single(view.Changes).State);
        Assert.Equal(AttemptEnd.HandedOver, (await bench.ExecuteAsync(run)).End);
        // The process is still there: it takes nothing more, and another need not wait for its end.
        await using var other = await bench.AnotherReplicaAsync();
        Assert.Equal(
            AttemptEnd.Over,
            (await other.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None)).End);
        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal((2, 2), (bench.World.Made.Count, bench.World.Calls));
    }

    [Fact]
    public async Task Stop_InsideACallThatTakesTooLong_EndsItAndAnotherLooksFirst()
    {
        // Twenty seconds of patience pass in one.
        await using var bench =
            await RunBench.CreateAsync(postgres, new BenchSetup { Time = new QuickTimeProvider(20) });
        var run = await bench.StartAsync("one");
        bench.World.At = (point, _, token) => point == WorldPoint.AfterMade
            ? Task.Delay(Timeout.Infinite, token)
            : Task.CompletedTask;
        var executing = bench.ExecuteAsync(run);
        await bench.World.Entered.Task;

        bench.AskToStop();
        Assert.Equal(AttemptEnd.HandedOver, (await executing).End);
        bench.World.At = null;
        await using var other = await bench.AnotherReplicaAsync();
        await other.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);

        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal((1, 1), (bench.World.Made.Count, bench.World.Calls));
    }

    [Fact]
    public async Task Execute_MoreRunsOfOnePersonThanMayRun_WaitsForItsTurn()
    {
        await using var bench = await RunBench.CreateAsync(
            postgres,
            new BenchSetup { Settings = new Dictionary<string, string?> { ["Portal:Runs:AtOncePerPerson"] = "1" } });
        var (first, second) = (await bench.StartAsync("one"), await bench.StartAsync("two"));
        bench.World.Hold = new TaskCompletionSource();
        var executing = bench.ExecuteAsync(first);
        await bench.World.Entered.Task;

        Assert.Equal(AttemptEnd.OverLimit, (await bench.ExecuteAsync(second)).End);
        Assert.Equal(
            (RunStatus.Queued, 0L),
            ((await bench.ReadAsync(second)).Run.Status, (await bench.ReadAsync(second)).Run.Token));
        // Somebody else's is not kept waiting.
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Database.ExecuteSqlAsync($"update runs set created_by = 'user:default/grace' where id = {second}");
        }
        bench.World.Hold.SetResult();
        Assert.Equal(AttemptEnd.Over, (await bench.ExecuteAsync(second)).End);
        await executing;
    }
}
