using System.Text;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

/// <summary>What others wrote is laid out at a cost that its length allows for.</summary>
public sealed class HostileTextTests
{
    public static TheoryData<string, string> Markdown => new()
    {
        { "quotes", new string('>', 500_000) + " x" },
        { "lists", string.Concat(Enumerable.Repeat("- ", 200_000)) + "x" },
        { "numbered lists", string.Concat(Enumerable.Repeat("1. ", 200_000)) + "x" },
        { "brackets", new string('[', 500_000) },
        { "links", string.Concat(Enumerable.Repeat("[a](", 200_000)) },
        { "images", string.Concat(
            Enumerable.Repeat("![", 200_000)) + string.Concat(Enumerable.Repeat("](a)", 100_000)) },
        { "emphasis", string.Concat(Enumerable.Repeat("*a _b ", 200_000)) },
        { "closed emphasis", string.Concat(
            Enumerable.Repeat("*a", 100_000)) + string.Concat(Enumerable.Repeat("a*", 100_000)) },
        { "backticks", string.Concat(Enumerable.Range(1, 1_500).Select(i => new string('`', i) + " ")) },
        { "tables", string.Concat(Enumerable.Repeat("|a", 5_000)) + "\n" + string.Concat(Enumerable.Repeat("|-", 5_000))
            + "\n" + string.Concat(Enumerable.Repeat("|\n", 200_000)) },
        { "angle brackets", string.Concat(Enumerable.Repeat("<a", 200_000)) },
        { "references", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"[a{i}]: http://x\n")) + string.Concat(
            Enumerable.Repeat("[a0]", 50_000)) },
        { "addresses", string.Concat(Enumerable.Repeat("www.", 200_000)) },
    };

    [Theory]
    [MemberData(nameof(Markdown))]
    public void MarkdownHtml_Hostile_CostsWhatItsLengthAllowsFor(string kind, string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var html = MarkdownHtml.Of(text);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: {html.Length} characters, {(GC.GetAllocatedBytesForCurrentThread() - before) / 1_000_000} MB");
        Assert.InRange(html.Length, 1, 3_000_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 150_000_000);
    }

    [Fact]
    public void MarkdownHtml_NestedTooDeeply_IsShownAsItStandsAndEscaped()
    {
        var html = MarkdownHtml.Of(new string('>', 10_000) + "<script>");

        Assert.Contains("nested too deeply", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void MarkdownHtml_Long_SaysThatItIsCut() => Assert.Contains(
        "Only the first 64 KiB are shown.", MarkdownHtml.Of(new string('x', 100_000)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\e[1mx")]
    [InlineData("\e]0;x")]
    [InlineData("\e[1;2;3;38;5;200m")]
    [InlineData("https://.")]
    [InlineData("http://http")]
    [InlineData("\e")]
    public void AnsiText_Hostile_CostsWhatItsLengthAllowsFor(string part)
    {
        var line = new StringBuilder().Insert(0, part, 20_000).ToString();
        var before = GC.GetAllocatedBytesForCurrentThread();

        new AnsiText().Line(line);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000L * line.Length);
    }

    [Fact]
    public void FuzzyMatch_LongWords_AreNotComparedLetterByLetter()
    {
        var (query, text) = (new string('a', 30_000) + "b", new string('a', 30_000) + "c");
        var before = GC.GetAllocatedBytesForCurrentThread();

        FuzzyMatch.Score(query, text, text, text);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }
}
