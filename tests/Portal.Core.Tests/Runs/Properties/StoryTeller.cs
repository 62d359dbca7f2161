using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Properties;

/// <summary>
/// Lets stories happen to runs of one database, and says after each happening whether everything is still as it must
/// be.
/// </summary>
internal sealed class StoryTeller : IAsyncDisposable
{
    private readonly RunBench bench;
    private readonly DeathPoints deaths;
    private readonly List<ServiceProvider> dead = [];
    private ServiceProvider replica;

    private StoryTeller(RunBench bench, DeathPoints deaths, ServiceProvider replica) =>
        (this.bench, this.deaths, this.replica) = (bench, deaths, replica);

    public static async Task<StoryTeller> CreateAsync(PostgresFixture postgres)
    {
        var deaths = new DeathPoints();
        var bench = await RunBench.CreateAsync(
            postgres, new BenchSetup { Time = new QuickTimeProvider(50), FailPoints = deaths });
        return new StoryTeller(bench, deaths, await StartAsync(bench));
    }

    /// <exception cref="Xunit.Sdk.XunitException">Something is not as it must be.</exception>
    public async Task TellAsync(Story story)
    {
        bench.World.Made.Clear();
        bench.World.Twice.Clear();
        var run = await bench.StartAsync([.. Enumerable.Range(1, story.Steps).Select(i => $"thing{i}")]);
        var laws = new Laws(bench, run);
        foreach (var happening in story.Happenings)
        {
            await HappenAsync(run, happening);
            await laws.CheckAsync($"{story} — after {happening}");
        }
        await ExecuteAsync(replica, run);
        await laws.CheckAsync($"{story} — at its end");
        Assert.True((await bench.ReadAsync(run)).Run.IsOver, $"{story} — an attempt without trouble must end it");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in dead) await one.DisposeAsync();
        await replica.DisposeAsync();
        await bench.DisposeAsync();
    }

    private async Task HappenAsync(Guid run, Happening happening)
    {
        switch (happening)
        {
            case Happening.Death(var boundary, var at):
                deaths.Arm(boundary, at);
                await ExecuteAsync(replica, run);
                deaths.Disarm();
                if (deaths.Happened) await ReplaceAsync();
                break;
            case Happening.Failure(var transient, var after, var at):
                await AttemptAsync(run, after ? WorldPoint.AfterMade : WorldPoint.BeforeMade, at, _ => throw (transient

                        ? ProviderException.Transient("away", "It does not answer.", mayHaveHappened: after)
                        : ProviderException.Unavailable("broken", "It is broken.")));
                break;
            case Happening.UndoFailure(var after, var at):
                await AttemptAsync(
                    run, after ? WorldPoint.AfterRemoved : WorldPoint.BeforeRemoved, at,
                    _ => throw ProviderException.Unavailable("broken", "It is broken."));
                break;
            case Happening.CancelInside(var after, var at):
                await AttemptAsync(
                    run, after ? WorldPoint.AfterMade : WorldPoint.BeforeMade, at, token => AskInsideAsync(run, token));
                break;
            case Happening.Robbery(var after, var at):
                await RobAsync(run, after ? WorldPoint.AfterMade : WorldPoint.BeforeMade, at);
                break;
            case Happening.Ask(var wish):
                await AskAsync(run, wish);
                break;
            default:
                await ExecuteAsync(replica, run);
                break;
        }
    }

    /// <summary>One attempt with a trouble at the n-th time that the point is reached.</summary>
    private async Task AttemptAsync(Guid run, WorldPoint point, int at, Func<CancellationToken, Task> trouble)
    {
        var left = at;
        bench.World.At = (reached, _, token) => reached == point && --left == 0 ? trouble(token) : Task.CompletedTask;
        await ExecuteAsync(replica, run);
        bench.World.At = null;
    }

    private async Task AskInsideAsync(Guid run, CancellationToken cancelled)
    {
        Assert.True((await bench.Get<CancelRun>().ExecuteAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);
        await Task.Delay(TimeSpan.FromSeconds(20), cancelled);
    }

    /// <summary>Another takes the run inside a call; the call ends because its replica hears of it.</summary>
    private async Task RobAsync(Guid run, WorldPoint point, int at)
    {
        Task? robber = null;
        await using var other = await StartAsync(bench);
        await AttemptAsync(run, point, at, async token =>
        {
            await bench.ForgetHolderAsync(run);
            robber = ExecuteAsync(other, run);
            await Task.Delay(TimeSpan.FromSeconds(20), token);
        });
        if (robber is not null) await robber;
        await StopAsync(other);
    }

    private async Task AskAsync(Guid run, Wish wish)
    {
        _ = wish switch
        {
            Wish.Cancel => await bench.Get<CancelRun>().ExecuteAsync(run, RunBench.Ada, CancellationToken.None),
            Wish.Retry => await bench.Get<RetryRun>().ExecuteAsync(
                run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None),
            _ => await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None),
        };
    }

    private async Task ReplaceAsync()
    {
        await StopAsync(replica);
        dead.Add(replica);
        replica = await StartAsync(bench);
    }

    private static Task ExecuteAsync(ServiceProvider on, Guid run) =>
        on.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);

    private static async Task<ServiceProvider> StartAsync(RunBench bench)
    {
        var started = await bench.AnotherReplicaAsync();
        var notifications = started.GetRequiredService<RunListener>();
        await notifications.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(notifications.IsListening), "the notifications");
        return started;
    }

    private static async Task StopAsync(ServiceProvider stopped)
    {
        await stopped.GetRequiredService<ReplicaLease>().StopAsync(CancellationToken.None);
        await stopped.GetRequiredService<RunListener>().StopAsync(CancellationToken.None);
    }
}
