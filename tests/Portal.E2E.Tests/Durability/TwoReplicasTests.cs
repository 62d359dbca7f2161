using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.Core.Data.PrivateCluster;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

/// <summary>What one replica leaves in the middle another finishes, and nothing is made twice.</summary>
public sealed class TwoReplicasTests(PostgresFixture postgres) : IDisposable
{
    private const string Template = "matrix";

    private readonly TemplateFolder templates = Written();

    public void Dispose() => templates.Dispose();

    [Theory]
    [InlineData(1, "AfterIntent")]
    [InlineData(4, "AfterCall")]
    [InlineData(7, "AfterCall")]
    public async Task Kill_OneInTheMiddle_OtherGoesOnWithinTenSeconds(int effect, string boundary)
    {
        await using var world = await ReplicasOverOutside.StartAsync(postgres, templates);
        var first = await world.AddAsync($"--Test:FailAt={MatrixTemplate.Effects(Template)[effect]}/{boundary}");
        using var starter = await ReplicasOverOutside.ClientAsync(first);
        await starter.KnowsTemplateAsync(Template);
        var run = await starter.StartAsync(Template, ReplicasOverOutside.Values("orders"));
        await first.ExitedAsync(TestContext.Current.CancellationToken);

        // The other comes only now: it is this one that died in the middle, whoever was quicker.
        var second = await world.AddAsync();
        var since = Stopwatch.StartNew();
        using var client = await ReplicasOverOutside.ClientAsync(second);
        await client.CompletedAsync(run);

        Assert.True(since.Elapsed < TimeSpan.FromSeconds(10), $"It took {since.Elapsed.TotalSeconds:0.0} s.");
        world.AssertMadeOnce();
    }

    [Fact]
    public async Task Stop_PastTheThresholdAndContinue_WritesNothingMore()
    {
        await using var world = await ReplicasOverOutside.StartAsync(postgres, templates);
        var first = await world.AddAsync(
            $"--Test:FailAt={MatrixTemplate.Effects(Template)[2]}/AfterCall", "--Test:FailWith=Stop");
        using var starter = await ReplicasOverOutside.ClientAsync(first);
        await starter.KnowsTemplateAsync(Template);
        var run = await starter.StartAsync(Template, ReplicasOverOutside.Values("orders"));
        await Eventually.TrueAsync(() => Task.FromResult(first.IsPaused), "the first replica to stand still");
        var second = await world.AddAsync();
        using var client = await ReplicasOverOutside.ClientAsync(second);
        await client.CompletedAsync(run);
        var events = await EventsAsync(client, run);

        await first.ContinueAsync();
        await Eventually.TrueAsync(async () =>
        {
            using var ready = await starter.GetAsync("/health/ready");
            return ready.IsSuccessStatusCode;
        }, "the first replica to be ready again");

        Assert.Equal(events, await EventsAsync(client, run));
        world.AssertMadeOnce();
        await Eventually.TrueAsync(
            () => Task.FromResult(first.Output.Contains("is no longer held by this replica", StringComparison.Ordinal)),
            "the first replica to say that it let go");
    }

    [Fact]
    public async Task Database_StoppedInTheMiddle_RunGoesOnWhenItIsBack()
    {
        var folder = Directory.CreateTempSubdirectory("portal-own-postgres-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
        var server = new PrivatePostgres(new PrivatePostgresOptions { Folder = Path.Combine(folder, "postgres") });
        try
        {
            await using var world = await ReplicasOverOutside.StartAsync(await server.EnsureRunningAsync(), templates);
            var portal = await world.AddAsync();
            using var client = await ReplicasOverOutside.ClientAsync(portal);
            await client.KnowsTemplateAsync(Template);
            world.World.Faults.Plan(OutsideRoutes.Dispatch, OutsideFault.Delay, wait: TimeSpan.FromSeconds(2));
            var run = await client.StartAsync(Template, ReplicasOverOutside.Values("orders"));
            await Eventually.TrueAsync(
                () => Task.FromResult(world.World.Ledger.Calls(OutsideRoutes.Dispatch) > 0),
                "a call that is under way");

            await server.StopAsync();
            using (var live = await client.GetAsync("/health/live")) Assert.True(live.IsSuccessStatusCode);
            using (var ready = await client.GetAsync("/health/ready")) Assert.False(ready.IsSuccessStatusCode);
            await server.EnsureRunningAsync();

            await Eventually.TrueAsync(async () =>
            {
                using var ready = await client.GetAsync("/health/ready");
                return ready.IsSuccessStatusCode;
            }, "the portal to be ready again");
            await CompletedAsync(client, run, portal);
            world.AssertMadeOnce();
        }
        finally
        {
            await server.StopAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Stop_Asked_HandsOverAtTheNextEntryAndTheOtherGoesOn()
    {
        await using var world = await ReplicasOverOutside.StartAsync(postgres, templates);
        var first = await world.AddAsync();
        using var starter = await ReplicasOverOutside.ClientAsync(first);
        await starter.KnowsTemplateAsync(Template);
        world.World.Faults.Plan(OutsideRoutes.CreateEnvironment, OutsideFault.Delay, wait: TimeSpan.FromSeconds(2));
        var run = await starter.StartAsync(Template, ReplicasOverOutside.Values("orders"));
        await Eventually.TrueAsync(
            () => Task.FromResult(world.World.Ledger.Calls(OutsideRoutes.CreateEnvironment) > 0),
            "a call that is under way");

        await first.StopAsync();

        Assert.Equal(1, world.World.Ledger.Calls(OutsideRoutes.CreateEnvironment));
        Assert.Single(world.World.Ledger.MadeOf(OutsideThing.Environment));
        var second = await world.AddAsync();
        using var client = await ReplicasOverOutside.ClientAsync(second);
        await client.CompletedAsync(run);
        world.AssertMadeOnce();
    }

    private static async Task CompletedAsync(HttpClient client, Guid run, PortalProcess portal)
    {
        try
        {
            await Eventually.TrueAsync(async () => (await client.GetFromJsonAsync<JsonObject>(
                $"/api/v1/runs/{run}"))!["run"]!["status"]!.GetValue<string>() == "completed", "the run");
        }
        catch (TimeoutException)
        {
            Assert.Fail(
                $"{await client.GetStringAsync($"/api/v1/runs/{run}")}\n{await client.GetStringAsync($"/api/v1/runs/{run}/events")}\n{portal.Output}");
        }
    }

    private static async Task<int> EventsAsync(HttpClient client, Guid run) =>
        (await client.GetFromJsonAsync<JsonArray>($"/api/v1/runs/{run}/events"))!.Count;

    private static TemplateFolder Written()
    {
        var folder = new TemplateFolder();
        MatrixTemplate.Write(folder, Template);
        return folder;
    }
}
