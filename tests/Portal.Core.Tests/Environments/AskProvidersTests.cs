using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

public sealed class AskProvidersTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly RepositoryName Orders = new("shop", "orders");

    [Fact]
    public async Task Execute_OneProviderDown_TheOthersRunsAndEnvironmentsFollow()
    {
        var forge = new FakeHost("forge")
        {
            Pipeline = run => run with { Status = PipelineStatus.Failed, FinishedAt = DateTimeOffset.UnixEpoch }
        };
        var down = new FakeHost("down") { Pipeline = _ => throw ProviderException.Unavailable(
            "provider-unreachable", "down cannot be reached.") };
        await using var bench = await RunBench.CreateAsync(
            postgres, new BenchSetup { More = s => s.AddSingleton<IProvider>(down).AddSingleton<IProvider>(forge) });
        foreach (var host in (FakeHost[])[down, forge])
        {
            var started = await host.TriggerAsync(new TriggerPipeline(Orders, "ci.yml", "main", "one"), Cancellation);
            await bench.Get<IProviderEvents>().PipelineRunChangedAsync(host.Instance, started, Cancellation);
        }
        await MakeAsync(bench, forge);
        await forge.StopAsync("orders-dev", Cancellation);

        await bench.Get<AskProviders>().ExecuteAsync(Cancellation);

        await using var db = bench.Database.CreateDbContext();
        var runs = await db.Set<PipelineRun>().ToDictionaryAsync(r => r.Provider, r => r.Status, Cancellation);
        Assert.Equal((PipelineStatus.Failed, PipelineStatus.Running), (runs["forge"], runs["down"]));
        Assert.Equal(EnvironmentStatus.Stopped, (await db.Set<PortalEnvironment>().SingleAsync(Cancellation)).Status);
    }

    private static async Task MakeAsync(RunBench bench, FakeHost host)
    {
        var request = new CreateEnvironment(
            "orders-dev", "dev", "dev", Orders, new EnvironmentVersion("run-1", new string('a', 40)), "small", "mark",
            new Dictionary<string, string>());
        var made = await host.CreateAsync(request, Cancellation);
        var record = new NewEnvironment(
            "orders-dev", "dev", EntityRef.Component("orders"), EntityRef.Group("orders"), "dev",
            host.Definitions[0].Sizes[0], host.Instance, Orders, true, null,
            RunBench.Ada, Guid.CreateVersion7(), null, null, host.Instance);
        var records = bench.Get<IEnvironmentRecords>();
        Assert.True((await records.ReserveAsync(record, Cancellation)).IsOk);
        await records.RecordCreatedAsync(record, made, Cancellation);
    }
}
