using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Tests.GoldenPaths.Actions;

public sealed class GlobsTests
{
    [Theory]
    [InlineData("**a*", 125)]
    [InlineData("{a,*a}", 80)]
    [InlineData("[a-z]*", 80)]
    [InlineData("*?????????????????????a", 20)]
    [InlineData("{a,aa,aaa}", 50)]
    public void Matches_HostilePattern_NeedsMemoryForThePatternAlone(string part, int count)
    {
        var globs = new Globs([string.Concat(Enumerable.Repeat(part, count))]);
        var paths = Enumerable.Range(0, 5).Select(i => new string('a', 2_000) + "/" + new string('b', i)).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();

        // What takes too long is refused in words.
        var refused = Record.Exception(() => paths.ForEach(path => globs.Matches(path)));

        Assert.True(refused is null or ActionFailedException, $"{refused}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void New_BraceThatIsNotClosed_IsRefusedInWords()
    {
        var refused = Assert.Throws<ActionFailedException>(() => new Globs(["{a,{b}"]));
        Assert.Contains("{a,{b}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matches_MoreThanCanBeLookedThrough_IsRefusedInWords()
    {
        var globs = new Globs(["**a", "**b"], mostSteps: 1_000);
        var path = new string('c', 100);
        Assert.False(globs.Matches(path));
        var refused = Assert.Throws<ActionFailedException>(() =>
        {
            for (var i = 0; i < 10; i++) globs.Matches(path);
        });
        Assert.Contains("too long for the files", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matches_TakenAndTakenAwayInTurn_GoesByTheLastThatMatches()
    {
        var globs = new Globs(["src/**", "!src/*.cs", "./src/a.cs", "docs/"]);
        string[] paths = ["src/x/y.cs", "src/b.cs", "src/a.cs", "docs/a/b.md", "README.md"];
        Assert.Equal([true, false, true, true, false], paths.Select(globs.Matches));
    }

    [Fact]
    public void New_PatternLongerThanTheLimit_IsRefusedInWords() =>
        Assert.Contains(
            "longer than 500 characters",
            Assert.Throws<ActionFailedException>(() => new Globs([new string('a', 501)])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void New_MorePatternsThanTheLimit_IsRefusedInWords() =>
        Assert.Contains(
            "more than 1000 patterns",
            Assert.Throws<ActionFailedException>(() => new Globs(Enumerable.Repeat("a", 1_001))).Message,
            StringComparison.Ordinal);
}
