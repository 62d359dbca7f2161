using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Pipelines.Files;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.js", "a.js", true)]
    [InlineData("*.js", "lib/a.js", false)]
    [InlineData("**.js", "lib/a.js", true)]
    [InlineData("**/a.js", "a.js", true)]
    [InlineData("**/a.js", "x/y/a.js", true)]
    [InlineData("**/a.js", "xa.js", false)]
    [InlineData("docs/**", "docs/x/y", true)]
    [InlineData("docs/**", "docs", false)]
    [InlineData("docs/**/*.md", "docs/a.md", true)]
    [InlineData("docs/**/*.md", "docs/x/a.md", true)]
    [InlineData("docs/**/*.md", "docs/xa.txt", false)]
    [InlineData("colou?r", "color", true)]
    [InlineData("colou?r", "colour", true)]
    [InlineData("colou?r", "colouur", false)]
    [InlineData("v[0-9]+.x", "v2025.x", true)]
    [InlineData("v[0-9]+.x", "v.x", false)]
    [InlineData("v[12].[0-9]+", "v1.10", true)]
    [InlineData("v[^12]", "v3", true)]
    [InlineData("v[^12]", "v1", false)]
    [InlineData(@"a\*b", "a*b", true)]
    [InlineData(@"a\*b", "axb", false)]
    [InlineData("(a|b)", "a", false)]
    [InlineData("(a|b)", "(a|b)", true)]
    [InlineData("[", "[", true)]
    public void ForFilter_Pattern_Matches(string pattern, string text, bool expected) => Assert.Equal(expected, Glob.ForFilter(pattern).IsMatch(text));

    [Theory]
    [InlineData("dist", "dist", true)]
    [InlineData("dist", "dist/a/b.js", true)]
    [InlineData("dist", "distant", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("**/obj", "src/obj/x.dll", true)]
    public void ForFiles_Pattern_Matches(string pattern, string text, bool expected) => Assert.Equal(expected, Glob.ForFiles(pattern).IsMatch(text));

    [Fact]
    public void IsMatch_HostilePattern_NeedsNoMoreMemoryThanThePattern()
    {
        var glob = Glob.ForFilter(string.Concat(Enumerable.Repeat("**a?", 124)) + "b");
        var text = new string('a', 4_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(glob.IsMatch(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void ForFilter_LongerThanTheLimit_IsRefusedInWords() =>
        Assert.Contains("longer than 500 characters", Assert.Throws<WorkflowException>(() => Glob.ForFilter(new string('*', 501))).Message, StringComparison.Ordinal);

    [Fact]
    public void TakesPaths_MorePathsThanCanBeLookedThrough_RunsAsAtGitHub()
    {
        var filter = new PushFilter(null, null, null, null, [.. Enumerable.Repeat(new string('*', 500), 100)], null);

        Assert.True(filter.TakesPaths([.. Enumerable.Repeat(new string('a', 4_000), 10_000)]));
    }
}
