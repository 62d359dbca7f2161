using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Actions;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

public sealed class UndoTests(PostgresFixture postgres)
{
    private const string Location = "url:http://127.0.0.1/orders/catalog-info.yaml";

    [Fact]
    public async Task Undo_OfWhatCannotGo_StopsThereAndFinishesWhenAskedAgain()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one", "two", "three");
        await bench.ExecuteAsync(run);
        bench.World.At =
            (point, id, _) => point == WorldPoint.BeforeRemoved && id.Contains("-two-", StringComparison.Ordinal)
                ? throw ProviderException.Conflict("in-use", "Somebody uses it.") : Task.CompletedTask;

        await UndoAsync(bench, run);

        var view = await bench.ReadAsync(run);
        Assert.Equal(
            (RunStatus.UndoFailed, "Create thing two could not be undone: Somebody uses it."),
            (view.Run.Status, view.Run.Failure));
        Assert.Equal([JournalState.Done, JournalState.Done, JournalState.Undone], view.Changes.Select(c => c.State));
        Assert.Equal(2, bench.World.Made.Count);
        Assert.Equal("run-not-failed", (await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None)).Error?.Code);

        bench.World.At = null;
        await UndoAsync(bench, run);
        Assert.Equal(RunStatus.Undone, (await bench.ReadAsync(run)).Run.Status);
        Assert.Empty(bench.World.Made);
        Assert.Equal(
            "run-undone",
            (await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None)).Error?.Code);
        Assert.Equal("run-not-failed", (await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None)).Error?.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Undo_OfACallWhoseOutcomeNobodyKnows_LeavesNothing(bool itHappened)
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        var unknown =
            new ProviderException(new Error(ErrorKind.Unavailable, "broken", "It broke.")) { MayHaveHappened = true };
        if (itHappened) bench.World.BreakAfter = unknown;
        else bench.World.BreakBefore = unknown;
        await bench.ExecuteAsync(run);
        Assert.Equal(JournalState.Intent, Assert.Single((await bench.ReadAsync(run)).Changes).State);
        Assert.Equal(itHappened ? 1 : 0, bench.World.Made.Count);

        await UndoAsync(bench, run);

        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Undone, JournalState.Undone), (view.Run.Status, view.Changes[0].State));
        Assert.Empty(bench.World.Made);
    }

    [Fact]
    public async Task Undo_TroubleThatPasses_IsTriedAgain()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        await bench.ExecuteAsync(run);
        var times = 0;
        bench.World.At = (point, _, _) => point == WorldPoint.BeforeRemoved && ++times < 3
            ? throw ProviderException.Transient("away", "It does not answer.", false)
            : Task.CompletedTask;

        await UndoAsync(bench, run);

        Assert.Equal(3, times);
        Assert.Equal(RunStatus.Undone, (await bench.ReadAsync(run)).Run.Status);
    }

    [Fact]
    public async Task Undo_OfARegistrationThatChangedOne_BringsBackWhatWasThere()
    {
        await using var bench = await BenchAsync(services => services.AddSingleton<IAction, RegisterText>());
        var catalog = bench.Get<ICatalogWriter>();
        // The run acts for Ada by what the catalog says of her.
        Assert.True((await catalog.RegisterAsync(
            new RegisterDescriptor(People, "portal:people"), Actor.System, CancellationToken.None)).IsOk);
        Assert.True((await catalog.RegisterAsync(
            new RegisterDescriptor(Descriptor("before"), Location), RunBench.Ada, CancellationToken.None)).IsOk);
        var run = await bench.StartAsync(
            [new StepSpec("register", "Register", "test:register", new JsonObject { ["text"] = Descriptor("after") })]);
        await bench.ExecuteAsync(run);
        Assert.Null((await bench.ReadAsync(run)).Run.Failure);
        Assert.Equal("after", await TitleAsync());
        Assert.False(Assert.Single((await bench.Get<UndoRun>().PreviewAsync(
            run, RunBench.Ada, CancellationToken.None)).Value).Preview.IsRemoved);

        await UndoAsync(bench, run);

        Assert.Equal(RunStatus.Undone, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal("before", await TitleAsync());

        async Task<string?> TitleAsync() => (string?)(await catalog.FindDescriptorAsync(
            new EntityRef("component", "default", "orders"), CancellationToken.None))?["metadata"]?["title"];
    }

    private const string People = """
        apiVersion: backstage.io/v1alpha1
        kind: Group
        metadata: { name: orders }
        spec: { type: team, children: [] }
        ---
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: ada }
        spec: { memberOf: [orders] }
        """;

    private static string Descriptor(string title) => $$"""
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: orders, title: {{title}} }
        spec: { type: service, lifecycle: production, owner: orders }
        """;

    private static async Task UndoAsync(RunBench bench, Guid run)
    {
        Assert.True((await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);
    }

    private Task<RunBench> BenchAsync(Action<IServiceCollection>? more = null) =>
        RunBench.CreateAsync(postgres, new BenchSetup { Time = new QuickTimeProvider(50), More = more });

    /// <summary>Registers a text over what is registered from its location.</summary>
    private sealed class RegisterText(CatalogRegisterEffect effect) : IAction
    {
        public ActionDescription Description { get; } = new(
            "test:register", "Registers a text.", new JsonObject { ["type"] = "object" },
            new JsonObject { ["type"] = "object" }, []);

        public Task ExecuteAsync(ActionContext context, CancellationToken cancellation) => context.ApplyAsync(
            effect, "test", "entity",
            new CatalogRegisterArgs(
                "test", RepositoryName.Parse("orders/orders"), Location, context.Input["text"]!.ToString(),
                context.RunId, null, Creates: false), cancellation);
    }
}
