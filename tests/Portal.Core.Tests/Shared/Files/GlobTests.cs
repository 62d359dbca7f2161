using System.Text;
using System.Text.RegularExpressions;
using Portal.Core.Shared.Files;

namespace Portal.Core.Tests.Shared.Files;

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
    public void ForFilter_Pattern_Matches(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Glob.ForFilter(pattern).IsMatch(text));

    [Theory]
    [InlineData("dist", "dist", true)]
    [InlineData("dist", "dist/a/b.js", true)]
    [InlineData("dist", "distant", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("**/obj", "src/obj/x.dll", true)]
    public void ForFiles_Pattern_Matches(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Glob.ForFiles(pattern).IsMatch(text));

    [Fact]
    public void IsMatch_HostilePattern_NeedsNoMoreMemoryThanThePattern()
    {
        var glob = Glob.ForFilter(string.Concat(Enumerable.Repeat("**a?", 124)) + "b");
        var text = new string('a', 4_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(glob.IsMatch(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Theory]
    [InlineData("{a,b}.txt", "a.txt", true)]
    [InlineData("{a,b}.txt", "c.txt", false)]
    [InlineData("{a,b}.txt", "a,b.txt", false)]
    [InlineData("{a,b/{c,d}}/*", "b/d/x", true)]
    [InlineData("{a,b/{c,d}}/*", "b/x", false)]
    [InlineData("src/{**/,}x{,y}", "src/a/b/xy", true)]
    [InlineData("src/{**/,}x{,y}", "src/x", true)]
    [InlineData("{a}", "a", true)]
    [InlineData("a,b}", "a,b}", true)]
    [InlineData("{a,b", "{a,b", true)]
    [InlineData(@"\{a,b}", "{a,b}", true)]
    [InlineData("docs", "docs/a/b.md", true)]
    [InlineData("{docs,src}", "src/a/b.md", true)]
    [InlineData("[!ab]x", "cx", true)]
    [InlineData("[!ab]x", "ax", false)]
    [InlineData("[^ab]x", "ax", false)]
    [InlineData(".*", ".env", true)]
    [InlineData("日本/*.{md,txt}", "日本/ü.md", true)]
    public void ForTemplates_Pattern_Matches(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Glob.ForTemplates(pattern).IsMatch(text));

    /// <summary>The three spellings differ on purpose.</summary>
    [Theory]
    [InlineData("a?b", "ab", false, false, true)]
    [InlineData("a?b", "axb", true, true, false)]
    [InlineData("{a,b}", "b", false, true, false)]
    [InlineData("{a,b}", "{a,b}", true, false, true)]
    [InlineData("a+", "aa", false, false, true)]
    [InlineData("a", "a/b", true, true, false)]
    [InlineData("[!a]", "b", true, true, false)]
    public void Spelling_SameText_MeansWhatItsReadersExpect(
        string pattern, string text, bool files, bool templates, bool filter) => Assert.Equal(
            (files, templates, filter),
            (
                Glob.ForFiles(pattern).IsMatch(text), Glob.ForTemplates(pattern).IsMatch(text),
                Glob.ForFilter(pattern).IsMatch(text)));

    [Fact]
    public void ForTemplates_AnyPattern_MatchesWhatItsRegularExpressionDoes()
    {
        string[] words = [
            "a", "b", "/", "*", "**", "**/", "?", "[ab]", "[!a]", "{a,b}", "{a,b/a}", "{,a}", "{a,{b,/b}}", "{*,**/b}"];
        var random = new Random(7);
        for (var i = 0; i < 5_000; i++)
        {
            var pattern = string.Concat(Enumerable.Range(
                0, random.Next(1, 6)).Select(_ => words[random.Next(words.Length)]));
            var (glob, regex) = (Glob.ForTemplates(pattern), new Regex(RegexOf(pattern)));
            for (var j = 0; j < 20; j++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(0, 7)).Select(_ => "ab/"[random.Next(3)]));
                Assert.True(regex.IsMatch(text) == glob.IsMatch(text), $"{pattern} and {text}");
            }
        }
    }

    [Theory]
    [InlineData("**a?", 124)]
    [InlineData("{a,aa,aaa}", 49)]
    [InlineData("{a,*a}", 80)]
    [InlineData("{**/a,", 70)]
    public void ForTemplates_HostilePattern_NeedsAsManyStepsAsItIsLong(string part, int count)
    {
        var pattern = string.Concat(Enumerable.Repeat(part, count));
        var unclosed = pattern.Count(c => c == '{') - pattern.Count(c => c == '}');
        var glob = Glob.ForTemplates($"{pattern}{new string('}', unclosed)}b");
        var text = new string('a', 4_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(glob.IsMatch(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void New_LongerThanTheLimit_IsRefusedInWords()
    {
        foreach (var make in (Func<string, Glob>[])[Glob.ForFilter, Glob.ForFiles, Glob.ForTemplates])
        {
            var refused = Assert.Throws<FormatException>(() => make(new string('*', 501)));
            Assert.Contains("longer than 500 characters", refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Of the few words of the test above.</summary>
    private static string RegexOf(string pattern)
    {
        var text = new StringBuilder("^(?:");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/")) (i, _) = (i + 2, text.Append("(?:.*/)?"));
            else if (pattern.AsSpan(i).StartsWith("**")) (i, _) = (i + 1, text.Append(".*"));
            else text.Append(
                pattern[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    '{' => "(?:",
                    '}' => ")",
                    ',' => "|",
                    '!' => "^",
                    var c => $"{c}",
                });
        }
        return text.Append(")(?:/.*)?$").ToString();
    }
}
