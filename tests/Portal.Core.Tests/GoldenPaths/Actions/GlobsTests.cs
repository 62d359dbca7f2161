using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Actions.Fetch;

namespace Portal.Core.Tests.GoldenPaths.Actions;

public sealed class GlobsTests
{
    [Theory]
    [InlineData("**a*", 125)]
    [InlineData("{a,*a}", 80)]
    [InlineData("[a-z]*", 80)]
    [InlineData("*", 500)]
    public void Matches_HostilePattern_NeedsMemoryForThePatternAlone(string part, int count)
    {
        var globs = new Globs([string.Concat(Enumerable.Repeat(part, count))]);
        var paths = Enumerable.Range(0, 50).Select(i => new string('a', 2_000) + "/" + new string('b', i)).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var path in paths) globs.Matches(path);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void New_PatternLongerThanTheLimit_IsRefusedInWords() =>
        Assert.Contains("longer than 500 characters", Assert.Throws<ActionFailedException>(() => new Globs([new string('*', 501)])).Message, StringComparison.Ordinal);

    [Fact]
    public void New_MorePatternsThanTheLimit_IsRefusedInWords() =>
        Assert.Contains("more than 1000 patterns", Assert.Throws<ActionFailedException>(() => new Globs(Enumerable.Repeat("a", 1_001))).Message, StringComparison.Ordinal);
}
