using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs;

/// <summary>Following a run that another replica executes.</summary>
public sealed class RunFeedTests(PostgresFixture postgres)
{
    /// <summary>Of each process; the first is the one that follows.</summary>
    private readonly List<CommandCount> commands = [];

    [Fact]
    public async Task Follow_ByAHundred_CostsWhatOneCostsAndAllSeeEveryEventOnce()
    {
        await using var bench = await BenchAsync();
        await using var executor = await bench.AnotherReplicaAsync();

        var one = await FollowedAsync(bench, executor, followers: 1);
        var hundred = await FollowedAsync(bench, executor, followers: 100);

        Assert.InRange(one, 1, 60);
        // How the events fall into batches is chance; a query per follower would be hundreds.
        Assert.InRange(hundred, 1, 60);
    }

    [Fact]
    public async Task Follow_FromTheMiddle_SeesTheRestOnceAndInOrder()
    {
        await using var bench = await BenchAsync();
        await using var executor = await bench.AnotherReplicaAsync();
        var run = await bench.StartAsync("one", "two");
        bench.World.Hold = new TaskCompletionSource();
        var first = new Follower(bench, run, after: 0);
        var executing = executor.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(first.Numbers.Count > 1), "the first events");

        var late = new Follower(bench, run, after: 1);
        await late.Joined;
        bench.World.Hold.SetResult();
        await executing;
        await Task.WhenAll(first.Ended, late.Ended).WaitAsync(TimeSpan.FromSeconds(20));
        var afterwards = new Follower(bench, run, after: 0);
        await afterwards.Ended.WaitAsync(TimeSpan.FromSeconds(20));

        var all = (await bench.EventsAsync(run)).Select(e => e.Number).ToList();
        Assert.Equal(all, first.Numbers);
        Assert.Equal(all.Skip(1), late.Numbers);
        Assert.Equal(all, afterwards.Numbers);
    }

    [Fact]
    public async Task Follow_ConnectionOfTheNotificationsKilled_MissesNothing()
    {
        await using var bench = await BenchAsync();
        await using var executor = await bench.AnotherReplicaAsync();
        var run = await bench.StartAsync("one", "two", "three");
        bench.World.Hold = new TaskCompletionSource();
        var follower = new Follower(bench, run, after: 0);
        var executing = executor.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(follower.Numbers.Count > 1), "the first events");

        await using (var command = bench.Database.Source.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query ilike 'listen %'"))
        {
            Assert.Equal(1L, await command.ExecuteScalarAsync());
        }
        bench.World.Hold.SetResult();
        await executing;
        await follower.Ended.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((await bench.EventsAsync(run)).Select(e => e.Number), follower.Numbers);
        Assert.Equal(RunStatus.Completed, follower.Last!.Run.Status);
        Assert.Equal(
            [StepStatus.Completed, StepStatus.Completed, StepStatus.Completed],
            follower.Last.Steps.Select(s => s.Status));
    }

    /// <returns>Commands that following costs, once everybody has joined.</returns>
    private async Task<int> FollowedAsync(RunBench bench, ServiceProvider executor, int followers)
    {
        var run = await bench.StartAsync("one", "two", "three", "four");
        var all = Enumerable.Range(0, followers).Select(_ => new Follower(bench, run, after: 0)).ToList();
        await Task.WhenAll(all.Select(f => f.Joined)).WaitAsync(TimeSpan.FromSeconds(20));
        commands[0].Reset();
        await executor.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);
        await Task.WhenAll(all.Select(f => f.Ended)).WaitAsync(TimeSpan.FromSeconds(20));
        var cost = commands[0].Count;
        var expected = (await bench.EventsAsync(run)).Select(e => e.Number).ToList();
        Assert.All(all, f => Assert.Equal(expected, f.Numbers));
        Assert.All(all, f => Assert.Equal(RunStatus.Completed, f.Last!.Run.Status));
        return cost;
    }

    private async Task<RunBench> BenchAsync()
    {
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup { More = Count });
        await bench.Get<RunListener>().StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(bench.Get<RunListener>().IsListening), "the notifications");
        return bench;
    }

    private void Count(IServiceCollection services)
    {
        var mine = new CommandCount();
        commands.Add(mine);
        services.ConfigureDbContext<PortalDbContext>(o => o.AddInterceptors(mine));
    }

    private sealed class Follower
    {
        private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Follower(RunBench bench, Guid run, long after) => Ended = FollowAsync(bench.Get<RunFeed>(), run, after);

        public List<long> Numbers { get; } = [];

        public RunState? Last { get; private set; }

        /// <summary>It has seen the run as it is.</summary>
        public Task Joined => joined.Task;

        public Task Ended { get; }

        private async Task FollowAsync(RunFeed feed, Guid run, long after)
        {
            await foreach (var batch in feed.FollowAsync(run, after, CancellationToken.None))
            {
                Numbers.AddRange(batch.Events.Select(e => e.Number));
                if (batch.State is null) continue;
                Last = batch.State;
                joined.TrySetResult();
            }
        }
    }

    private sealed class CommandCount : DbCommandInterceptor
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public void Reset() => Volatile.Write(ref count, 0);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref count);
            return ValueTask.FromResult(result);
        }
    }
}
