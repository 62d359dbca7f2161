using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Delivery;

public sealed class PassedRunTests(PostgresFixture postgres)
{
    /// <summary>Hosts are asked for their newest runs again and again.</summary>
    [Fact]
    public async Task Passed_ToldAgain_IsHandledOnce()
    {
        var heard = new Heard();
        var host = new FakeHost();
        await using var bench = await RunBench.CreateAsync(
            postgres,
            new BenchSetup { More = s => s.AddSingleton<IProvider>(host).AddSingleton<IPassedRunHandler>(heard) });
        var running = await host.TriggerAsync(
            new TriggerPipeline(OrdersService.Repository, "ci.yml", "main", "one"), CancellationToken.None);
        var passed = running with { Status = PipelineStatus.Passed, FinishedAt = DateTimeOffset.UnixEpoch };

        foreach (var news in (PipelineRunInfo[])[running, passed, passed, passed with { WebUrl = "http://elsewhere" }])
        {
            await bench.Get<IProviderEvents>().PipelineRunChangedAsync(host.Instance, news, CancellationToken.None);
        }

        Assert.Equal([passed.Id], heard.Runs);
    }

    private sealed class Heard : IPassedRunHandler
    {
        public List<string> Runs { get; } = [];

        public Task PassedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation)
        {
            Runs.Add(run.Id);
            return Task.CompletedTask;
        }
    }
}
