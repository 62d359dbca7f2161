using Portal.Core.Data.PrivateCluster;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// PostgreSQL dies and stands still under load, a private one and one that replicas share: nothing is lost, and nothing
/// is done twice.
/// </summary>
public sealed class DatabaseKillsTests : IAsyncLifetime
{
    private const string Template = "out";

    private static readonly DatabaseHurt[] Each = [DatabaseHurt.Kill, DatabaseHurt.StopImmediate, DatabaseHurt.Stall];

    private readonly string folder = Directory.CreateTempSubdirectory("portal-own-postgres-").FullName;
    private readonly TemplateFolder templates = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PrivatePostgres Server => new(new PrivatePostgresOptions { Folder = Path.Combine(folder, "postgres") });

    public ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
        templates.WriteService(Template, "echo built", "true");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync();
        templates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task Private_HurtOnceInEachWay_ComesBackByItselfAndEveryRunHasEachEffectOnce() => PrivateAsync(15, Each);

    [Fact]
    public Task Shared_HurtOnceInEachWay_EveryRunHasEachEffectOnce() => SharedAsync(15, Each);

    [Fact]
    [Trait("Category", "Crash")]
    public Task Private_HurtAgainAndAgain_ComesBackByItselfAndEveryRunHasEachEffectOnce() =>
        PrivateAsync(120, Many(20));

    [Fact]
    [Trait("Category", "Crash")]
    public Task Shared_HurtAgainAndAgain_EveryRunHasEachEffectOnce() => SharedAsync(120, Many(30));

    /// <summary>The portal itself has to start it again.</summary>
    private async Task PrivateAsync(int runs, IReadOnlyList<DatabaseHurt> hurts)
    {
        await using var world = await ReplicasOverOutside.StartAsync("", templates);
        var portal = await world.AddAtAsync(folder);
        using var client = await ReplicasOverOutside.ClientAsync(portal);
        await RunAsync(world, client, runs, hurts, () => Task.CompletedTask);
        Assert.True(Lines(portal, "has ended") <= hurts.Count(h => h != DatabaseHurt.Stall), portal.Output);
        Assert.True(portal.Output.Split('\n').Length < 600, "the log is flooded");
        await portal.StopAsync();
        await new DatabaseVictim(Path.Combine(folder, "postgres")).HurtAsync(DatabaseHurt.Kill);
        // It ends with exit code 1.
        await Assert.ThrowsAsync<PortalProcessException>(() => portal.CommandAsync(Cancellation, "doctor"));
    }

    /// <summary>Whoever runs the server starts it again.</summary>
    private async Task SharedAsync(int runs, IReadOnlyList<DatabaseHurt> hurts)
    {
        await using var world =
            await ReplicasOverOutside.StartAsync(await Server.EnsureRunningAsync(Cancellation), templates);
        for (var i = 0; i < 2; i++) await world.AddAsync();
        using var client = await ReplicasOverOutside.ClientAsync(world.Replicas[0]);
        await RunAsync(world, client, runs, hurts, async () =>
        {
            await Task.Delay(500, Cancellation);
            await Server.EnsureRunningAsync(Cancellation);
        });
    }

    private async Task RunAsync(
        ReplicasOverOutside world, HttpClient client, int runs, IReadOnlyList<DatabaseHurt> hurts, Func<Task> heal)
    {
        try
        {
            await HurtUnderLoadAsync(world, client, runs, hurts, heal);
        }
        catch (TimeoutException e)
        {
            Assert.Fail($"{e.Message}\n{string.Join("\n== \n", world.Replicas.Select(r => r.Output))}");
        }
    }

    private async Task HurtUnderLoadAsync(
        ReplicasOverOutside world, HttpClient client, int runs, IReadOnlyList<DatabaseHurt> hurts, Func<Task> heal)
    {
        await client.KnowsTemplateAsync(Template);
        var victim = new DatabaseVictim(Path.Combine(folder, "postgres"));
        var hurting = HurtAsync(victim, hurts, heal);
        for (var i = 0; i < runs; i++)
        {
            // What keeps the database from coming back is the reason, not what waits for it.
            if (hurting.IsFaulted) await hurting;
            await Submissions.SubmitAsync(client, Template, $"service-{i:000}");
            await Task.Delay(100, Cancellation);
        }

        await hurting;
        await Eventually.TrueAsync(
            async () => await Submissions.CountAsync(client, "status=completed") == runs, $"{runs} runs",
            TimeSpan.FromMinutes(5));
        Assert.Equal(runs, await Submissions.CountAsync(client, ""));
        Assert.Empty(world.World.Ledger.Duplicates);
        foreach (var kind in new[] { OutsideThing.Repository, OutsideThing.PipelineRun, OutsideThing.Environment })
        {
            Assert.Equal(runs, world.World.Ledger.MadeOf(kind).Count);
        }
    }

    private static async Task HurtAsync(DatabaseVictim victim, IReadOnlyList<DatabaseHurt> hurts, Func<Task> heal)
    {
        var random = new Random(20261130);
        foreach (var hurt in hurts)
        {
            await Task.Delay(random.Next(500, 3_000), Cancellation);
            await victim.HurtAsync(hurt);
            if (hurt != DatabaseHurt.Stall) await heal();
        }
    }

    private static List<DatabaseHurt> Many(int count)
    {
        var random = new Random(20261201);
        return [.. Enumerable.Range(0, count).Select(_ => Each[random.Next(Each.Length)])];
    }

    private static int Lines(PortalProcess portal, string text) =>
        portal.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
