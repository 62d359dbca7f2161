using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// A provider that fails in every way that a network allows: runs complete, and nothing is made twice.
/// </summary>
public sealed class ProviderFaultsTests(PostgresFixture postgres)
{
    private static readonly string[] Making =
    [
        OutsideRoutes.CreateRepository, OutsideRoutes.Dispatch, OutsideRoutes.CreateEnvironment
    ];
    private static readonly string[] Removing = [OutsideRoutes.DestroyEnvironment, OutsideRoutes.DeleteRepository];
    private static readonly OutsideFault[] Faults =
    [
        OutsideFault.FailBefore, OutsideFault.FailAfter, OutsideFault.Limit, OutsideFault.HangAfter,
        OutsideFault.CutAfter
    ];

    [Fact]
    public async Task Run_EveryFaultAtEveryMakingCall_CompletesWithEachThingOnceAndUndoes()
    {
        using var templates = new TemplateFolder();
        MatrixTemplate.Write(templates, "matrix");
        await using var world = await ReplicasOverOutside.StartAsync(postgres, templates);
        var portal = await world.AddAsync("--Portal:Providers:outside:Http:AttemptTimeoutSeconds=2");
        using var client = await ReplicasOverOutside.ClientAsync(portal);
        await client.KnowsTemplateAsync("matrix");
        // Five faults over three calls of each kind: two runs meet them all.
        foreach (var route in Making)
        {
            foreach (var fault in Faults) world.World.Faults.Plan(route, fault);
        }
        var before = world.World.Listing;

        var runs = new[] { await client.StartAsync(
            "matrix",
            ReplicasOverOutside.Values("one")), await client.StartAsync("matrix", ReplicasOverOutside.Values("two")) };
        foreach (var run in runs) await client.CompletedAsync(run);

        Assert.All(
            Making, route => Assert.Equal(Faults.Length, world.World.Faults.Happened.Count(h => h.Route == route)));
        world.AssertMadeOnce(runs.Length);

        foreach (var route in Removing)
        {
            foreach (var fault in Faults) world.World.Faults.Plan(route, fault);
        }
        foreach (var run in runs)
        {
            using var answer = await client.PostAsync($"/api/v1/runs/{run}/undo", null);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        await Eventually.TrueAsync(
            () => Task.FromResult(world.World.Listing.Where(t => t.Kind != OutsideThing.PipelineRun)
                .SequenceEqual(before)), "everything to be gone", TimeSpan.FromMinutes(2));
    }
}
