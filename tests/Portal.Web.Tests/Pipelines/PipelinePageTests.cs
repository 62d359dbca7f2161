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

        Says(page, "Passed, 2 skipped");
        Says(page, "Open at local");
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

    [Fact]
    public async Task Show_FailedBuild_SaysItsFirstErrorAndNotItsLastLine()
    {
        Host.Log =
        [
            Line(1, "build / Restore", "restored"),
            Line(2, "build / Build", "/data/work/orders/src/Basket.cs(12,5): error CS1002: ; expected [/a.csproj]"),
            Line(3, "build / Build", "src/Other.cs(1,1): warning CS0168: never used"),
            Line(4, "build / Build", "##[error]exit code 1"),
        ];
        var page = await OpenAsync("ada", Failed("Build"));

        Says(page, "It failed at “Build”");
        var notice = page.Find(".notice").TextContent;
        Assert.Contains("src/Basket.cs:12", notice, StringComparison.Ordinal);
        Assert.Contains("CS1002", notice, StringComparison.Ordinal);
        Assert.Contains("; expected", notice, StringComparison.Ordinal);
        Assert.Equal(["Error", "Warning"], page.FindAll(".findings .status").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task Show_FailedBuild_FoldsTheStepsAndOpensTheOneThatFailed()
    {
        Host.Log = [Line(1, "build / Restore", "restored it all"), Line(2, "build / Build", "this is why")];
        var page = await OpenAsync("ada", Failed("Build"));
        Says(page, "this is why");

        var steps = page.FindAll(".timeline details");

        Assert.Equal([false, true], steps.Select(s => s.HasAttribute("open")));
        Assert.Contains("restored it all", steps[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("this is why", steps[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TestsFailed_NamesEachWithItsMessageAndCounts()
    {
        Kept.Keep("run-2", "app", "results/junit.xml", """
            <testsuites><testsuite>
              <testcase name="adds" classname="basket"><failure message="1 is not 2">trace</failure></testcase>
              <testcase name="sums"/><testcase name="later"><skipped/></testcase>
            </testsuite></testsuites>
            """);
        var page = await OpenAsync("ada", Failed("Test"));

        Says(page, "adds failed: 1 is not 2");
        Says(page, "1 failed");
        Says(page, "1 passed");
        Says(page, "1 skipped");
    }

    [Fact]
    public async Task Show_KeptFiles_AreToBeSaved()
    {
        var page = await OpenAsync("ada", run => run);
        Says(page, "Artifacts");

        Assert.Equal("/pipelines/run-2/artifacts/app.zip", page.FindAll("a[download]")
            .Select(a => a.GetAttribute("href")).Single(h => h!.EndsWith(".zip", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Show_HostileLog_IsText()
    {
        Host.Log =
        [
            Line(1, "build / Build", "<img src=x onerror=alert(1)>(1,1): error CS1: <script>alert(1)</script>"),
            Line(2, "build / Build", "javascript:alert(1)(1,1): error CS2: x"),
            Line(3, "build / Build", "::error file=../../../etc/passwd,line=1::y"),
        ];
        var page = await OpenAsync("ada", Failed("Build"));

        Says(page, "<script>alert(1)</script>");
        Assert.Empty(page.FindAll("script, img"));
        Assert.DoesNotContain(
            page.FindAll("a").Select(a => a.GetAttribute("href")!),
            h => h.Contains("passwd", StringComparison.Ordinal)
                || h.StartsWith("javascript", StringComparison.OrdinalIgnoreCase));
    }

    private static HostLogLine Line(long number, string source, string text) => new(number, Now, source, text);

    private static Func<PipelineRunInfo, PipelineRunInfo> Failed(string step) => run => run with
    {
        Status = PipelineStatus.Failed, Failure = $"Job build, step {step}: exit code 1.",
        Jobs =
        [
            new PipelineJobInfo("build", "build", PipelineStatus.Failed, Now, Now,
                [
                    new PipelineStepInfo("Restore", PipelineStatus.Passed, Now, Now, null),
                    new PipelineStepInfo(step, PipelineStatus.Failed, Now, Now, "exit code 1"),
                ]),
        ],
    };

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
