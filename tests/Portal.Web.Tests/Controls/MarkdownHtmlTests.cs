using AngleSharp.Html.Parser;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class MarkdownHtmlTests
{
    [Theory]
    [InlineData("https://example.org", true)]
    [InlineData("HTTP://example.org", true)]
    [InlineData("mailto:a@example.org", true)]
    [InlineData("docs/runbook.md", true)]
    [InlineData("#top", true)]
    [InlineData("docs/a:b.md", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("JaVaScRiPt:alert(1)", false)]
    [InlineData(" java\nscript:alert(1)", false)]
    [InlineData("\u0001javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("vbscript:x", false)]
    [InlineData("", false)]
    public void IsAllowed_Address_KeepsToTheList(
        string url, bool expected) => Assert.Equal(expected, SafeLinks.IsAllowed(url));

    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](<java&#x0A;script:alert(1)>)")]
    [InlineData("![x](javascript:alert(1))")]
    [InlineData("[x][r]\n\n[r]: javascript:alert(1)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("[x](https://a.example){onclick=alert(1)}")]
    public void Of_Hostile_NothingRuns(string markdown)
    {
        var body = new HtmlParser().ParseDocument(MarkdownHtml.Of(markdown)).Body!;

        Assert.Empty(body.QuerySelectorAll("script"));
        foreach (var element in body.QuerySelectorAll("*"))
        {
            Assert.DoesNotContain(element.Attributes, a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            foreach (var name in (string[])["href", "src"])
            {
                if (element.GetAttribute(name) is { } url) Assert.True(url == "#" || SafeLinks.IsAllowed(url), url);
            }
        }
    }

    [Fact]
    public void Of_Heading_GoesBelowThePagesOwn() =>
        Assert.Contains("<h2", MarkdownHtml.Of("# Orders"), StringComparison.Ordinal);

    [Fact]
    public void Of_TableAndLink_Render()
    {
        var body = new HtmlParser().ParseDocument(MarkdownHtml.Of("| a |\n|---|\n| [x](https://example.org) |")).Body!;

        Assert.Equal("https://example.org", body.QuerySelector("td a")!.GetAttribute("href"));
        Assert.Equal("noopener noreferrer", body.QuerySelector("td a")!.GetAttribute("rel"));
    }
}
