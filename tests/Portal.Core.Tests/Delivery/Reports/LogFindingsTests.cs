using System.Diagnostics;
using Portal.Core.Delivery.Reports;
using Portal.Core.Providers;

namespace Portal.Core.Tests.Delivery.Reports;

public sealed class LogFindingsTests
{
    private const string Root = "/var/lib/portal-jobs/0a1b2c3d4e5f/0123456789abcdef0123456789abcdef/0/work/basket";

    [Theory]
    // MSBuild and Roslyn, with the project behind it.
    [InlineData(
        Root + "/src/Basket.cs(12,5): error CS1002: ; expected [" + Root + "/src/Basket.csproj]",
        "src/Basket.cs:12", "CS1002", "; expected")]
    [InlineData("src/app.ts(3,7): error TS2322: No 'b'.", "src/app.ts:3", "TS2322", "No 'b'.")]
    [InlineData("MSBUILD : error MSB1003: Specify a project.", null, "MSB1003", "Specify a project.")]
    [InlineData("error NU1004: The lock file is wrong.", null, "NU1004", "The lock file is wrong.")]
    // tsc in colours.
    [InlineData(
        "\u001b[96msrc/a.ts\u001b[0m:\u001b[93m3\u001b[0m:\u001b[93m5\u001b[0m - \u001b[91merror\u001b[0m TS2304: Cannot find name 'x'.",
        "src/a.ts:3", "TS2304", "Cannot find name 'x'.")]
    [InlineData("src/main.c:7:2: error: expected ';'", "src/main.c:7", null, "expected ';'")]
    [InlineData("./cmd/main.go:3:5: undefined: x", "cmd/main.go:3", null, "undefined: x")]
    [InlineData("App.java:9: error: cannot find symbol", "App.java:9", null, "cannot find symbol")]
    [InlineData("[ERROR] /src/App.java:[3,5] not a statement", "/src/App.java:3", null, "not a statement")]
    // Annotations, as steps print them and as runners write them.
    [InlineData("::error file=src/a.js,line=4,col=2::It%2C is%0Awrong", "src/a.js:4", null, "It, is\nwrong")]
    [InlineData("::error::All is wrong", null, null, "All is wrong")]
    [InlineData("##[error]src/a.js:4: It is wrong", "src/a.js:4", null, "It is wrong")]
    [InlineData("##[error]The job took longer than 5 minutes.", null, null, "The job took longer than 5 minutes.")]
    [InlineData(
        "/home/runner/work/basket/basket/src/a.js:4:1: error: x", "src/a.js:4", null, "x")]
    public void Read_LineOfATool_TellsPlaceCodeAndMessage(string line, string? place, string? code, string message)
    {
        var found = Assert.Single(Read(line));

        Assert.Equal((FindingLevel.Error, FindingWeight.Told), (found.Level, found.Weight));
        Assert.Equal((place, code, message), (found.Place, found.Code, found.Message));
    }

    [Fact]
    public void Read_Eslint_JoinsTheFileAndItsProblems()
    {
        var found = Read(
            "", Root + "/src/a.js", "  3:5   error    'x' is not defined  no-undef",
            "  9:1  warning  Unexpected  no-console", "", "✖ 2 problems (1 error, 1 warning)");

        Assert.Equal(
            [
                (FindingLevel.Error, "src/a.js:3", "no-undef", "'x' is not defined"),
                (FindingLevel.Warning, "src/a.js:9", "no-console", "Unexpected"),
            ],
            found.Select(f => (f.Level, f.Place!, f.Code!, f.Message)));
    }

    [Fact]
    public void Read_ThrownByNode_TakesTheFirstFrameOfTheRepository()
    {
        var found = Assert.Single(Read(
            "TypeError: Cannot read properties of undefined (reading 'id')",
            "    at Object.get (node:internal/x:3:5)",
            $"    at load ({Root}/node_modules/lib/index.js:8:1)",
            $"    at basket (file://{Root}/src/basket.js:21:7)"));

        Assert.Equal(
            ("src/basket.js:21", "TypeError", FindingWeight.Thrown), (found.Place, found.Code, found.Weight));
    }

    [Fact]
    public void Read_ThrownByDotNetAndPython_HasItsPlace()
    {
        var found = Read(
            "Unhandled exception. System.InvalidOperationException: No basket", "   at System.Linq.Enumerable.First()",
            $"   at Shop.Basket.Open(Int32 id) in {Root}/src/Basket.cs:line 31", "Traceback (most recent call last):",
            "  File \"src/basket.py\", line 5, in <module>", "ValueError: no basket");

        Assert.Equal(["src/Basket.cs:31", "src/basket.py:5"], found.Select(f => f.Place));
    }

    [Theory]
    [InlineData("##[error]exit code 1")]
    [InlineData("##[error]Process completed with exit code 2.")]
    [InlineData("Build succeeded. 0 Warning(s) 0 Error(s)")]
    [InlineData("12 passed, 0 errors")]
    [InlineData("https://example.org:443/error: no")]
    public void Read_LineThatTellsNothing_IsNoFinding(string line) => Assert.Empty(Read(line));

    [Fact]
    public void Read_TheSameAgainInTheSummary_IsToldOnce() =>
        Assert.Single(Read("a.cs(1,2): error CS1: x", "Build FAILED.", "a.cs(1,2): error CS1: x"));

    [Fact]
    public void Read_EndlessErrors_KeepsSomeAndCountsTheRest()
    {
        var findings = new LogFindings(new RepositoryPaths("basket"));
        for (var i = 0; i < 5_000; i++) findings.Read(Line(i, $"a.cs({i + 1},2): error CS1: x"));

        Assert.Equal(LogFindings.Most, findings.All.Count);
        Assert.Equal(5_000 - LogFindings.Most, findings.Left);
    }

    /// <summary>A build may print anything: each of these made patterns that try again take minutes.</summary>
    [Theory]
    [InlineData("a(")]
    [InlineData(":")]
    [InlineData(" ")]
    [InlineData("error ")]
    [InlineData("::error file=a,")]
    [InlineData("at ((((")]
    [InlineData("/a:1:1: ")]
    [InlineData("\u001b[")]
    [InlineData("\0\u202e")]
    public void Read_LinesMadeToTakeLong_TakeNoTime(string piece)
    {
        var line = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));
        var began = Stopwatch.GetTimestamp();

        Read([.. Enumerable.Repeat(line, 200)]);

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void FirstError_OfAFailedRun_IsOfTheStepThatFailedAndNoNoiseBefore()
    {
        var at = DateTimeOffset.UnixEpoch;
        var run = Run(
            new PipelineStepInfo("Setup", PipelineStatus.Passed, at, at, null),
            new PipelineStepInfo("Build", PipelineStatus.Failed, at, at, null));
        var log = new LogFindings(new RepositoryPaths("basket"));
        log.Read(new HostLogLine(1, at, "build / Setup", "src/x.ts(1,1): error TS1: of another step"));
        log.Read(new HostLogLine(2, at, "build / Build", "Error: noise"));
        log.Read(new HostLogLine(3, at, "build / Build", "src/a.ts(2,1): error TS2: the one"));
        log.Read(new HostLogLine(4, at, "build / Build", "src/b.ts(3,1): error TS3: another"));

        Assert.Equal("src/a.ts:2", FirstError.Of(run, log.All, null)?.Place);
        Assert.Null(FirstError.Of(run with { Status = PipelineStatus.Passed }, log.All, null));
    }

    [Fact]
    public void FirstError_WhereTestsFailed_IsTheFirstTestAndNotWhatTheyPrinted()
    {
        var at = DateTimeOffset.UnixEpoch;
        var run = Run(new PipelineStepInfo("Test", PipelineStatus.Failed, at, at, null));
        var log = new LogFindings(new RepositoryPaths("basket"));
        log.Read(new HostLogLine(1, at, "build / Test", "Error: printed by a test that passed"));
        var tests = new TestReport(1, 1, 0, [new FailedTest("adds", null, "test/a.js", 7, "1 is not 2", null)], []);

        var first = FirstError.Of(run, log.All, tests);

        Assert.Equal(("test/a.js:7", "adds failed: 1 is not 2"), (first?.Place, first?.Message));
    }

    private static PipelineRunInfo Run(params PipelineStepInfo[] steps) => new(
        "run-1", new("orders", "basket"), "ci.yml", 1, "main", new string('a', 40), "First", PipelineTrigger.Push,
        PipelineStatus.Failed, DateTimeOffset.UnixEpoch, null, null,
        [new PipelineJobInfo("build", "build", PipelineStatus.Failed, null, null, steps)], [], 0, null);

    private static IReadOnlyList<Finding> Read(params string[] lines)
    {
        var findings = new LogFindings(new RepositoryPaths("basket"));
        foreach (var (i, line) in lines.Index()) findings.Read(Line(i, line));
        return findings.All;
    }

    private static HostLogLine Line(int i, string text) => new(i + 1, DateTimeOffset.UnixEpoch, "build / Build", text);
}
