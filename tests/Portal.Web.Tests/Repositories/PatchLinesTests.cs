using Portal.Web.Repositories;

namespace Portal.Web.Tests.Repositories;

public sealed class PatchLinesTests
{
    [Fact]
    public void Of_APatch_TellsWhatEachLineIs() => Assert.Equal(
        [("@@ -1 +1 @@\n", "place"), ("-a\n", "removed"), ("+b\n", "added"), (" c\n", null)],
        PatchLines.Of("@@ -1 +1 @@\n-a\n+b\n c\n"));

    [Fact]
    public void Of_EndlessLines_EndsAndSaysSo()
    {
        var lines = PatchLines.Of(string.Concat(Enumerable.Repeat("+\n", 1_000_000))).ToList();

        Assert.InRange(lines.Count, 100, 5_000);
        Assert.StartsWith("The rest", lines[^1].Text, StringComparison.Ordinal);
    }
}
