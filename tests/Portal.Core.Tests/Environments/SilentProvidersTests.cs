using System.Text.Json.Nodes;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>What pages ask of a provider that refuses, or never answers: each comes back with words, in time.</summary>
public sealed class SilentProvidersTests(PostgresFixture postgres)
{
    private readonly List<Troubled> lines = [];

    // Waits end early with it, so that who hangs is left soon.
    private readonly QuickTimeProvider time = new(30);

    [Theory]
    [InlineData(Trouble.Refuses, Troubled.Words)]
    [InlineData(Trouble.Hangs, "local has not answered within 30 seconds. Try again in a while.")]
    public async Task Logs_ProviderIsDown_SaySo(Trouble trouble, string words)
    {
        await using var shop = await OpenAsync();
        var id = await shop.HasEnvironmentAsync();
        Break(trouble);

        var environment = await shop.Get<ReadEnvironments>().LogAsync(id, 0, 10, RunBench.Ada, CancellationToken.None);
        var pipeline = await shop.Get<ReadPipelines>().LogAsync("run-1", 0, 10, RunBench.Ada, CancellationToken.None);

        Assert.Equal((words, words), (environment.Error!.Message, pipeline.Error!.Message));
    }

    [Fact]
    public async Task Log_ProviderIsNotSetUpAnyMore_SaysWhich()
    {
        await using var shop = await OpenAsync();
        var id = await shop.HasEnvironmentAsync(provider: "azure-old");

        var log = await shop.Get<ReadEnvironments>().LogAsync(id, 0, 10, RunBench.Ada, CancellationToken.None);
        var view = await shop.Get<ReadEnvironments>().FindAsync(id, RunBench.Ada, CancellationToken.None);

        Assert.Contains("'azure-old' is not set up any more", log.Error!.Message, StringComparison.Ordinal);
        Assert.Null(view.Value.ProviderType);
    }

    [Theory]
    [InlineData(Trouble.Refuses)]
    [InlineData(Trouble.Hangs)]
    public async Task UndoPreview_ProviderIsDown_NamesEachChangeAllTheSame(Trouble trouble)
    {
        await using var shop = await OpenAsync();
        var run = (await shop.Get<RequestEnvironment>().ExecuteAsync(
            new EnvironmentRequest(Shop.Orders, "dev", "dev", null, null, null), RunBench.Ada,
            CancellationToken.None)).Value;
        await shop.Bench.ExecuteAsync(run);
        Assert.Equal(RunStatus.Completed, (await shop.Bench.ReadAsync(run)).Run.Status);
        Break(trouble);

        var items = await shop.Get<UndoRun>().PreviewAsync(run, RunBench.Ada, CancellationToken.None);

        Assert.StartsWith(
            "Create environment dev of orders: its provider cannot be asked now (",
            Assert.Single(items.Value).Preview.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Trouble.Refuses)]
    [InlineData(Trouble.Hangs)]
    public async Task NameTaken_ProviderIsDown_IsUnavailableAndNoException(Trouble trouble)
    {
        await using var shop = await OpenAsync();
        Break(trouble);

        var error = await shop.Get<FreeNames>().NameTakenAsync(
            "local", new RepositoryName("orders", "basket"), CancellationToken.None);

        Assert.Equal(ErrorKind.Unavailable, error!.Kind);
        Assert.StartsWith(
            "Whether the name orders/basket is free cannot be told now: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Trouble.Refuses)]
    [InlineData(Trouble.Hangs)]
    public async Task Plan_ProviderIsDown_IsAnErrorThatMayPass(Trouble trouble)
    {
        await using var shop = await OpenAsync();
        Break(trouble);
        var register = new StepSpec(
            "register", "Register", "catalog:register",
            new JsonObject { ["repoContentsUrl"] = "http://local/git/orders/orders.git" });

        var plan = await shop.Get<PlanRun>().PlanAsync(
            new RunSpec([register], OutputSpec.Empty), FileTree.Empty, [], null, RunBench.Ada, null,
            CancellationToken.None);

        Assert.Equal(ErrorKind.Unavailable, plan.Error!.Kind);
    }

    private async Task<Shop> OpenAsync()
    {
        var shop = await Shop.OpenAsync(
            postgres, time,
            host => [Line<IRepositoryHost>(host), Line<IPipelineHost>(host), Line<IEnvironmentHost>(host)]);
        // Patience is short here, and the database's first answers of a process are not.
        await shop.Get<NewestVersion>().FindAsync(shop.Host.Instance, OrdersService.Repository, CancellationToken.None);
        return shop;
    }

    private T Line<T>(T host) where T : class, IProvider
    {
        var (provider, line) = Troubled.Of(host);
        lines.Add(line);
        return provider;
    }

    private void Break(Trouble trouble) => lines.ForEach(l => l.Trouble = trouble);
}
