using System.Text;
using Portal.Core.Delivery.Reports;

namespace Portal.Core.Tests.Delivery.Reports;

public sealed class TestResultsReaderTests
{
    private const string Root = "/var/lib/portal-jobs/0a1b/0123456789abcdef0123456789abcdef/0/work/basket";

    [Fact]
    public async Task Read_JUnit_CountsAndNamesWhatFailed()
    {
        var report = await ReadAsync("junit.xml", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <testsuites>
              <testsuite name="basket">
                <testcase name="adds" classname="basket" file="{Root}/test/basket.test.js" line="12"><failure message="1 is not 2">Error: 1 is not 2
                  at test ({Root}/test/basket.test.js:12:3)</failure></testcase>
                <testcase name="sums"/>
                <testcase name="later"><skipped/></testcase>
                <testsuite name="inner"><testcase name="breaks"><error>boom
                  at x ({Root}/src/basket.js:3:1)</error></testcase></testsuite>
              </testsuite>
            </testsuites>
            """);

        Assert.Equal((1, 2, 1), (report!.Passed, report.Failed, report.Skipped));
        Assert.Equal(
            [("adds", "test/basket.test.js", 12, "1 is not 2"), ("breaks", "src/basket.js", 3, "boom")],
            report.Failures.Select(f => (f.Name, f.File!, f.Line!.Value, f.Message)));
    }

    [Fact]
    public async Task Read_Trx_CountsAndNamesWhatFailed()
    {
        var report = await ReadAsync("tests.trx", $"""
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
              <UnitTestResult testName="Shop.BasketTests.Adds" outcome="Failed"><Output><ErrorInfo>
                <Message>Assert.Equal() Failure</Message>
                <StackTrace>   at Shop.BasketTests.Adds() in {Root}/tests/BasketTests.cs:line 14</StackTrace>
              </ErrorInfo></Output></UnitTestResult>
              <UnitTestResult testName="Shop.BasketTests.Sums" outcome="Passed" />
              <UnitTestResult testName="Shop.BasketTests.Later" outcome="NotExecuted" />
            </Results></TestRun>
            """);

        Assert.Equal((1, 1, 1), (report!.Passed, report.Failed, report.Skipped));
        var failed = Assert.Single(report.Failures);
        Assert.Equal(
            ("tests/BasketTests.cs", 14, "Assert.Equal() Failure"), (failed.File, failed.Line, failed.Message));
    }

    [Fact]
    public async Task Read_OtherXml_IsNoReport() =>
        Assert.Null(await ReadAsync("pom.xml", "<project><testcase name='no'/></project>"));

    /// <summary>What a job may leave to hurt who looks at it.</summary>
    [Theory]
    [InlineData("<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><testsuites><testcase name=\"&x;\"/></testsuites>")]
    [InlineData("<!DOCTYPE t SYSTEM \"http://127.0.0.1:1/evil.dtd\"><testsuites/>")]
    [InlineData("<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><testsuites><testcase name=\"&b;\"/></testsuites>")]
    [InlineData("<testsuites><testcase name=\"open\">")]
    [InlineData("<testsuites>\u0001</testsuites>")]
    [InlineData("no xml at all")]
    [InlineData("")]
    public async Task Read_HostileOrSpoilt_IsNamedAndNothingIsResolved(string text)
    {
        var report = await ReadAsync("junit.xml", text);

        Assert.Single(report!.Problems, p => p.StartsWith("junit.xml is not counted", StringComparison.Ordinal));
        Assert.DoesNotContain("root:", string.Join(' ', report.Failures.Select(f => f.Name)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_DeepNesting_EndsWithAProblem()
    {
        var deep = string.Concat(Enumerable.Repeat("<testsuite>", 200_000));

        Assert.Single((await ReadAsync("junit.xml", $"<testsuites>{deep}"))!.Problems);
    }

    [Fact]
    public async Task Read_EndlessFailuresWithEndlessText_AreCountedAndFewAreKept()
    {
        var text = new StringBuilder("<testsuites>");
        var words = new string('x', 5_000);
        for (var i = 0; i < 400; i++)
        {
            text.Append($"<testcase name=\"{i}\"><failure message=\"{words}\">{words}</failure></testcase>");
        }

        var report = await ReadAsync("junit.xml", text.Append("</testsuites>").ToString());

        Assert.Equal((400, TestResultsReader.Most), (report!.Failed, report.Failures.Count));
        Assert.All(report.Failures, f => Assert.True(f.Message.Length + f.Details!.Length < 10_000));
    }

    [Fact]
    public async Task Read_LargerThanItMayBe_EndsWithAProblem()
    {
        var text = $"<testsuites><!--{new string('x', TestResultsReader.LongestFile)}--></testsuites>";

        Assert.Single((await ReadAsync("junit.xml", text))!.Problems);
    }

    private static async Task<TestReport?> ReadAsync(string name, string text)
    {
        var reader = new TestResultsReader(new RepositoryPaths("basket"));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await reader.ReadAsync(name, stream, TestContext.Current.CancellationToken);
        return reader.HasRead ? reader.Report : null;
    }
}
