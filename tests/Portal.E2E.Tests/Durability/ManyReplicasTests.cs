using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

/// <summary>Three replicas behind nginx that die and come back at random, under load.</summary>
public sealed class ManyReplicasTests(PostgresFixture postgres)
{
    private const string Template = "out";

    [Fact]
    public Task Kill_AtRandomForSomeSeconds_EveryRunFinishesWithEachEffectOnce() =>
        RunAsync(30, TimeSpan.FromSeconds(15));

    [Fact]
    [Trait("Category", "Crash")]
    public Task Kill_AtRandomForTwoMinutes_EveryRunFinishesWithEachEffectOnce() =>
        RunAsync(200, TimeSpan.FromMinutes(2));

    private async Task RunAsync(int runs, TimeSpan storm)
    {
        using var templates = new TemplateFolder();
        templates.WriteService(Template, "echo built", "true");
        await using var world = await ReplicasOverOutside.StartAsync(postgres, templates);
        for (var i = 0; i < 3; i++) await world.AddAsync();
        await using var nginx = await NginxProxy.StartAsync(world.Replicas.Select(r => r.Address));
        using var client = await ReplicasOverOutside.ClientAsync(world.Replicas[0]);
        await client.KnowsTemplateAsync(Template);
        using var through = new HttpClient { BaseAddress = nginx.Address, Timeout = TimeSpan.FromMinutes(1) };
        through.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        through.DefaultRequestHeaders.Host = world.Replicas[0].Address.Authority;

        var killing = KillAsync(world.Replicas, storm);
        await Task.WhenAll(
            Enumerable.Range(0, runs).Select(i => Submissions.SubmitAsync(through, Template, $"service-{i:000}")));
        await killing;

        await Eventually.TrueAsync(
            async () => await Submissions.CountAsync(through, "status=completed") == runs, $"{runs} runs",
            TimeSpan.FromMinutes(5));
        Assert.Equal(runs, await Submissions.CountAsync(through, ""));
        Assert.Empty(world.World.Ledger.Duplicates);
        foreach (var kind in new[] { OutsideThing.Repository, OutsideThing.PipelineRun, OutsideThing.Environment })
        {
            Assert.Equal(runs, world.World.Ledger.MadeOf(kind).Count);
        }
    }

    /// <summary>One after the other, in an order that the seed decides, so that a failure can be repeated.</summary>
    private static async Task KillAsync(IReadOnlyList<PortalProcess> replicas, TimeSpan storm)
    {
        var random = new Random(20261125);
        var over =
            TimeProvider.System.GetTimestamp() + (long)(storm.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (TimeProvider.System.GetTimestamp() < over)
        {
            var victim = replicas[random.Next(replicas.Count)];
            await Task.Delay(random.Next(200, 2_000), TestContext.Current.CancellationToken);
            await victim.KillAsync();
            await victim.StartAgainAsync(TestContext.Current.CancellationToken);
        }
    }
}
