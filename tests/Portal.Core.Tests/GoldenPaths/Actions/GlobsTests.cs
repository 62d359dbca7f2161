using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Tests.GoldenPaths.Actions;

public sealed class GlobsTests
{
    [Theory]
    [InlineData("**a*", 6)]
    [InlineData("{a,*a}", 12)]
    [InlineData("[a-z]*", 12)]
    [InlineData("*?????????????????????a", 12)]
    [InlineData("{a,aa,aaa}", 50)]
    public void Matches_HostilePattern_NeedsMemoryForThePatternAlone(string part, int count)
    {
        var globs = new Globs([string.Concat(Enumerable.Repeat(part, count))]);
        var paths = Enumerable.Range(0, 50).Select(i => new string('a', 2_000) + "/" + new string('b', i)).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();

        // What takes too long is refused in words.
        var refused = Record.Exception(() => paths.ForEach(path => globs.Matches(path)));

        Assert.True(refused is null or ActionFailedException, $"{refused}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void New_MoreStarsThanTheLimit_IsRefusedInWords() =>
        Assert.Contains("more than 12 stars", Assert.Throws<ActionFailedException>(() => new Globs([string.Concat(Enumerable.Repeat("**a", 13))])).Message, StringComparison.Ordinal);

    [Fact]
    public void New_PatternLongerThanTheLimit_IsRefusedInWords() =>
        Assert.Contains("longer than 500 characters", Assert.Throws<ActionFailedException>(() => new Globs([new string('a', 501)])).Message, StringComparison.Ordinal);

    [Fact]
    public void New_MorePatternsThanTheLimit_IsRefusedInWords() =>
        Assert.Contains("more than 1000 patterns", Assert.Throws<ActionFailedException>(() => new Globs(Enumerable.Repeat("a", 1_001))).Message, StringComparison.Ordinal);
}
