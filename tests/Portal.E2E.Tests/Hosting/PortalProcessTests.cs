using System.Text.Json.Nodes;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>The test host is a whole portal that can be driven as a process, and makes its things in an outside world.</summary>
public sealed class PortalProcessTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OverAnOutsideWorld_MakesEachThingOnceAndSurvivesAKill()
    {
        using var templates = new TemplateFolder();
        templates.WriteService("out", "echo built", "true");
        await using var portal = await OutsidePortal.StartAsync(postgres, templates);
        using var ada = await portal.ClientAsync("ada");
        await ada.KnowsTemplateAsync("out");
        var run = await ada.StartAsync("out", new JsonObject { ["name"] = "orders", ["owner"] = "user:default/ada" });
        await ada.CompletedAsync(run);

        await portal.Process.KillAsync();
        Assert.True(portal.Process.HasExited);
        await portal.Process.StartAgainAsync(Cancellation);

        await ada.CompletedAsync(run);
        Assert.Equal([OutsideThing.Repository, OutsideThing.PipelineRun, OutsideThing.Environment], portal.World.Ledger.Made.Select(t => t.Kind));
        Assert.Empty(portal.World.Ledger.Duplicates);
    }

    [Fact]
    public async Task Pause_ThenContinue_AnswersAgain()
    {
        using var templates = new TemplateFolder();
        await using var portal = await OutsidePortal.StartAsync(postgres, templates);
        using var client = new HttpClient { BaseAddress = portal.Process.Address, Timeout = TimeSpan.FromMilliseconds(500) };
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
        var error = await Assert.ThrowsAsync<PortalProcessException>(() => OutsidePortal.StartAsync(postgres, templates, "--Test:FailAt=3/Sometimes"));
        Assert.Contains("AfterCall", error.Message, StringComparison.Ordinal);
    }
}
