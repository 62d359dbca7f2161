using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Replicas;

public sealed class ReplicaLeaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Hold_DatabaseAway_IsLostWithinTheLeaseAndRegainedAfter()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var lease = bench.Get<ReplicaLease>();
        using var hold = lease.Hold(Guid.NewGuid(), 1);
        Assert.True(lease.IsValid);

        var watch = Stopwatch.StartNew();
        await AllowAsync(bench.Database, allow: false);
        await Cancelled(hold.Lost);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.75));
        Assert.False(lease.IsValid);
        using (var late = lease.Hold(Guid.NewGuid(), 1)) Assert.True(late.Lost.IsCancellationRequested);

        await AllowAsync(bench.Database, allow: true);
        await lease.ValidAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        using var again = lease.Hold(Guid.NewGuid(), 1);
        Assert.False(again.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Execute_DatabaseAwayInsideACall_EndsTheCallAndGoesOnAfterWithoutASecondThing()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        bench.World.At = (point, _, token) => point == WorldPoint.AfterMade
            ? Task.Delay(Timeout.Infinite, token)
            : Task.CompletedTask;
        var executing = bench.ExecuteAsync(run);
        await bench.World.Entered.Task;
        await AllowAsync(bench.Database, allow: false);

        Assert.Equal(AttemptEnd.Interrupted, (await executing.WaitAsync(TimeSpan.FromSeconds(10))).End);
        bench.World.At = null;
        await AllowAsync(bench.Database, allow: true);
        await bench.Get<ReplicaLease>().ValidAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        // A connection of the pool may still be a dead one.
        await Eventually.TrueAsync(async () => (await bench.ExecuteAsync(run)).End == AttemptEnd.Over, "the run");

        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal((2, 2), (bench.World.Made.Count, bench.World.Calls));
    }

    [Fact]
    public async Task Execute_RunTakenByAnother_CallIsCancelled()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        var cancelled = new TaskCompletionSource();
        bench.World.At = async (point, _, token) =>
        {
            if (point != WorldPoint.BeforeMade) return;
            using var registered = token.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
        };
        var executing = bench.ExecuteAsync(run);
        await bench.World.Entered.Task;

        // Another has taken it: the row says so.
        await using (var db = bench.Database.CreateDbContext()) await db.Database.ExecuteSqlAsync(
            $"update runs set token = token + 1, held_by = {Guid.NewGuid()} where id = {run}");

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(2));
        await executing;
        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Running, view.Run.Status);
        Assert.Equal(JournalState.Intent, Assert.Single(view.Changes).State);
    }

    /// <param name="age">Seconds since it last said that it lives.</param>
    [Theory]
    [InlineData(0, false)]
    [InlineData(2.5, false)]
    [InlineData(3.1, true)]
    public async Task Execute_HeldByAnother_TakesItOnlyWhenThatOneIsDead(double age, bool isTaken)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await HeldAsync(bench, age, processId: 1);

        var attempt = await bench.ExecuteAsync(run);

        Assert.Equal(isTaken ? AttemptEnd.Over : AttemptEnd.HeldElsewhere, attempt.End);
        if (!isTaken) Assert.InRange(attempt.After.TotalSeconds, 0, ReplicaLease.DeadAfter - age);
        Assert.Equal(isTaken ? 1 : 0, bench.World.Made.Count);
    }

    [Fact]
    public async Task Execute_HeldByAProcessOfThisHostThatHasEnded_TakesItAtOnce()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        // Above the highest id that a process may have.
        var run = await HeldAsync(bench, age: 0, processId: 4_194_305);

        Assert.Equal(AttemptEnd.Over, (await bench.ExecuteAsync(run)).End);
    }

    [Fact]
    public async Task Stop_AsAsked_LeavesNobodyToWaitFor()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await using (var db = bench.Database.CreateDbContext()) Assert.Equal(1, await db.Set<Replica>().CountAsync());

        await bench.DieAsync();

        await using (var db = bench.Database.CreateDbContext()) Assert.Equal(0, await db.Set<Replica>().CountAsync());
    }

    private static async Task<Guid> HeldAsync(RunBench bench, double age, int processId)
    {
        var run = await bench.StartAsync("one");
        var holder = Guid.NewGuid();
        var host = bench.Get<ReplicaLease>().Identity.Host;
        await using var db = bench.Database.CreateDbContext();
        await db.Database.ExecuteSqlAsync($"""
            insert into replicas (incarnation, name, host, process_id, version, started_at, seen_at)
            values ({holder}, 'other', {host}, {processId}, '1', clock_timestamp(), clock_timestamp() - make_interval(secs => {age}))
            """);
        await db.Database.ExecuteSqlAsync(
            $"update runs set status = 'Running', held_by = {holder}, token = 1, attempt = 1 where id = {run}");
        return run;
    }

    private static Task Cancelled(CancellationToken lost)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lost.Register(() => done.SetResult());
        return done.Task.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    /// <summary>The database is away for everybody, or back.</summary>
    private static async Task AllowAsync(TestDatabase database, bool allow)
    {
        var text = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(
            text.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"alter database \"{text.Database}\" allow_connections {allow}", connection);
        await command.ExecuteNonQueryAsync();
        if (allow) return;
        await using var end = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
            connection) { Parameters = { new() { Value = text.Database } } };
        await end.ExecuteNonQueryAsync();
    }
}
