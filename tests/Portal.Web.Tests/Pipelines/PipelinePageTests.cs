using Bunit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Pipelines;
using Portal.Web.Shared;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Pipelines;

public sealed class PipelinePageTests(PostgresFixture postgres) : PageTest(postgres)
{
    [Fact]
    public async Task Show_RunOfAnotherHost_LinksItsPageAndSaysAttemptAndCause()
    {
        var page = await OpenAsync("ada", run => run with
        {
            WebUrl = "https://github.com/orders/orders/actions/runs/7", Attempt = 2,
            Trigger = PipelineTrigger.PullRequest, SkippedSteps = 2
        });

        Says(page, "by a pull request");
        Assert.Equal(
            "https://github.com/orders/orders/actions/runs/7",
            page.FindAll("a").Single(a => a.TextContent.Trim() == "Open at local").GetAttribute("href"));
        Assert.Equal(
            "2",
            page.FindAll("dt").Single(d => d.TextContent.Trim() == "Attempt").NextElementSibling!.TextContent.Trim());
        Says(page, "Passed, 2 skipped");
    }

    [Fact]
    public async Task Show_AddressThatIsNone_IsNotLinked()
    {
        var page = await OpenAsync("ada", run => run with { WebUrl = "javascript:alert(1)" });

        Says(page, "Artifacts");
        Assert.DoesNotContain(page.FindAll("a"), a => a.TextContent.Contains("Open at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAgain_HostThatMakesANewRun_GoesToItsPage()
    {
        var page = await OpenAsync("ada", run => run);

        await OnAsync(page, () => Button(page, "Run again"), e => e.ClickAsync());

        page.WaitForState(() => At.EndsWith("/pipelines/run-3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAgain_HostIsDown_SaysSoAndStays()
    {
        var page = await OpenAsync("ada", run => run);
        Says(page, "Artifacts");
        Break(Trouble.Refuses);

        await OnAsync(page, () => Button(page, "Run again"), e => e.ClickAsync());

        Says(page, Troubled.Words);
        Button(page, "Run again");
    }

    [Fact]
    public async Task Show_ToAnotherTeam_HasNoButton()
    {
        var page = await OpenAsync("ben", run => run);

        Says(page, "Artifacts");
        Assert.False(HasButton(page, "Run again"));
    }

    [Fact]
    public async Task Show_HostHangs_PageIsWholeAndTheLogSaysSo()
    {
        Break(Trouble.Hangs);
        var page = await OpenAsync("ada", run => run);

        await SaysInTimeAsync(page, LiveLog.Slow);

        Says(page, "Artifacts");
        Button(page, "Run again");
    }

    private async Task<IRenderedComponent<PipelinePage>> OpenAsync(
        string person, Func<PipelineRunInfo, PipelineRunInfo> change)
    {
        var started = await Host.TriggerAsync(
            new TriggerPipeline(new RepositoryName("orders", "orders"), "ci.yml", "main", "second"),
            CancellationToken.None);
        await AddAsync(
            OrdersService.Row("local", change(started with { Status = PipelineStatus.Passed, FinishedAt = Now })));
        SignIn(person);
        return Render<PipelinePage>(p => p.Add(e => e.Id, "run-2"));
    }
}
