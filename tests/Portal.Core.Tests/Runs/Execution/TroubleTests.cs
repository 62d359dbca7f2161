using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>Providers that fail for a while or for good.</summary>
public sealed class TroubleTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_TroubleThatPasses_MakesTheCallAgainAndTheThingOnce(bool afterItHappened)
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one", "two");
        var trouble = ProviderException.Transient(
            "away", "The host does not answer.", mayHaveHappened: afterItHappened);
        if (afterItHappened) bench.World.BreakAfter = trouble;
        else bench.World.BreakBefore = trouble;

        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal(2, bench.World.Made.Count);
        Assert.Empty(bench.World.Twice);
        // What had happened is found, not made again.
        Assert.Equal(afterItHappened ? 2 : 3, bench.World.Calls);
        var events = await bench.EventsAsync(run);
        Assert.Single(events, e => e.Message.StartsWith(
            "Create thing one: The host does not answer. Trying again in", StringComparison.Ordinal));
        Assert.Equal(afterItHappened, events.Any(e => e.Message == "Create thing one: was made already, taken over."));
    }

    [Fact]
    public async Task Execute_TroubleThatStays_GivesUpAfterThreeMoreTimes()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        bench.World.At = (point, _, _) => point == WorldPoint.BeforeMade
            ? throw ProviderException.Transient("away", "The host does not answer.", mayHaveHappened: false)
            : Task.CompletedTask;

        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Failed, "The host does not answer."), (view.Run.Status, view.Run.Failure));
        Assert.Equal(4, bench.World.Calls);
        Assert.Empty(bench.World.Made);
    }

    [Fact]
    public async Task Execute_TroubleThatIsNotOfPassing_AsksOnce()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        bench.World.BreakBefore = ProviderException.Invalid("bad-name", "That is no name.");

        await bench.ExecuteAsync(run);

        Assert.Equal("That is no name.", (await bench.ReadAsync(run)).Run.Failure);
        Assert.Equal(1, bench.World.Calls);
    }

    [Fact]
    public async Task Execute_ConflictAfterAnUnknownOutcome_TakesOverWhatIsOurs()
    {
        await using var bench = await BenchAsync();
        bench.World.RefusesTwice = true;
        bench.World.FindsAfter = 1;
        var run = await bench.StartAsync("one");
        bench.World.BreakAfter = ProviderException.Transient(
            "away", "The host does not answer.", mayHaveHappened: true);

        await bench.ExecuteAsync(run);

        // The first look came too early; the name was taken, by us.
        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal(2, bench.World.Calls);
        Assert.Single(bench.World.Made);
    }

    [Fact]
    public async Task Execute_ConflictWithAnothers_Fails()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        bench.World.BreakBefore = ProviderException.Conflict("taken", "one is taken.");

        await bench.ExecuteAsync(run);

        Assert.Equal("one is taken.", (await bench.ReadAsync(run)).Run.Failure);
        Assert.Equal(1, bench.World.Calls);
    }

    private Task<RunBench> BenchAsync() =>
        RunBench.CreateAsync(postgres, new BenchSetup { Time = new QuickTimeProvider(50) });
}
