using System.Text.Json.Nodes;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>
/// The test host is a whole portal that can be driven as a process, and makes its things in an outside world.
/// </summary>
public sealed class PortalProcessTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OverAnOutsideWorld_MakesEachThingOnceAndSurvivesAKill()
    {
        using var templates = new TemplateFolder();
        var log = Path.Combine(templates.Path, "boundaries.log");
        await using var portal = await StartAsync(templates, $"--Test:BoundaryLog={log}");
        using var ada = await portal.ClientAsync("ada");
        var run = await CreateAsync(ada);
        await ada.CompletedAsync(run);
        AssertMadeOnce(portal);
        var reached = (await File.ReadAllLinesAsync(log, Cancellation)).Select(line => line.Split(' ', 2))
            .GroupBy(line => line[1], line => line[0]).ToList();
        Assert.True(reached.Count >= 4, $"{reached.Count} effects reached a boundary");
        Assert.All(
            reached, effect => Assert.Equal(["BeforeIntent", "AfterIntent", "AfterCall", "AfterResult"], effect));

        await portal.Process.KillAsync();
        Assert.True(portal.Process.HasExited);
        await portal.Process.StartAgainAsync(Cancellation);

        await ada.CompletedAsync(run);
        AssertMadeOnce(portal);
    }

    [Theory]
    [InlineData("publish-0-repository/AfterCall")]
    [InlineData("3/AfterIntent")]
    public async Task Run_KilledAtAFailPoint_GoesOnAfterTheNextStart(string point)
    {
        using var templates = new TemplateFolder();
        await using var portal = await StartAsync(templates, $"--Test:FailAt={point}");
        using var ada = await portal.ClientAsync("ada");
        var run = await CreateAsync(ada);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await portal.Process.ExitedAsync(limit.Token);
        await portal.Process.StartAgainAsync(Cancellation);
        await ada.CompletedAsync(run);
        AssertMadeOnce(portal);
    }

    [Fact]
    public async Task Run_StoppedAtAFailPoint_GoesOnWhenItIsContinued()
    {
        using var templates = new TemplateFolder();
        await using var portal = await StartAsync(templates, "--Test:FailAt=1/AfterCall", "--Test:FailWith=Stop");
        using var ada = await portal.ClientAsync("ada");
        var run = await CreateAsync(ada);
        await Eventually.TrueAsync(() => Task.FromResult(portal.Process.IsPaused), "the process to stand still");
        await portal.Process.ContinueAsync();
        await ada.CompletedAsync(run);
        AssertMadeOnce(portal);
    }

    [Fact]
    public async Task Pause_ThenContinue_AnswersAgain()
    {
        using var templates = new TemplateFolder();
        await using var portal = await OutsidePortal.StartAsync(postgres, templates);
        using var client =
            new HttpClient { BaseAddress = portal.Process.Address, Timeout = TimeSpan.FromMilliseconds(500) };
        await portal.Process.PauseAsync();
        await Eventually.TrueAsync(() => Task.FromResult(portal.Process.IsPaused), "the process to stand still");
        await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetAsync("/health/live", Cancellation));
        await portal.Process.ContinueAsync();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await client.GetAsync("/health/live", Cancellation)).IsSuccessStatusCode;
            }
            catch (TaskCanceledException)
            {
                return false;
            }
        }, "an answer");
    }

    [Fact]
    public async Task Start_WrongFailPoint_SaysWhatIsAllowed()
    {
        using var templates = new TemplateFolder();
        var error = await Assert.ThrowsAsync<PortalProcessException>(
            () => OutsidePortal.StartAsync(postgres, templates, "--Test:FailAt=3/Sometimes"));
        Assert.Contains("AfterCall", error.Message, StringComparison.Ordinal);
    }

    private Task<OutsidePortal> StartAsync(TemplateFolder templates, params string[] first)
    {
        templates.WriteService("out", "echo built", "true");
        return OutsidePortal.StartAsync(postgres, templates, first);
    }

    private static async Task<Guid> CreateAsync(HttpClient client)
    {
        await client.KnowsTemplateAsync("out");
        return await client.StartAsync("out", new JsonObject { ["name"] = "orders", ["owner"] = "user:default/ada" });
    }

    private static void AssertMadeOnce(OutsidePortal portal)
    {
        Assert.Equal(
            [OutsideThing.Repository, OutsideThing.PipelineRun, OutsideThing.Environment],
            portal.World.Ledger.Made.Select(t => t.Kind));
        Assert.Empty(portal.World.Ledger.Duplicates);
    }
}
