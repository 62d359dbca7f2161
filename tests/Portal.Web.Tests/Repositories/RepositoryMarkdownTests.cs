using Portal.Core.Shared;
using Portal.Web.Repositories;

namespace Portal.Web.Tests.Repositories;

public sealed class RepositoryMarkdownTests
{
    private const string Files = "/repositories/local/orders/basket/file";

    [Theory]
    [InlineData("[x](docs/runbook.md)", Files + "/docs/runbook.md?ref=main")]
    [InlineData("[x](./a%20b.md#part)", Files + "/a%20b.md?ref=main")]
    [InlineData("[x](/src/a.cs)", Files + "/src/a.cs?ref=main")]
    [InlineData("[x](#part)", "#part")]
    [InlineData("[x](https://example.org/a)", "https://example.org/a")]
    [InlineData("[x](//example.org/a)", "//example.org/a")]
    [InlineData("[x](../../etc/passwd)", "../../etc/passwd")]
    [InlineData("[x](javascript:alert(1))", "#")]
    public void Of_Link_LeadsToTheFilesPageOrStays(string markdown, string expected) => Assert.Contains(
        $"<a href=\"{expected}\"", Html(markdown, ""), StringComparison.Ordinal);

    [Fact]
    public void Of_LinkBelowAFolder_IsRelativeToIt() => Assert.Contains(
        $"{Files}/README.md?ref=main", Html("[x](../README.md)", "docs"), StringComparison.Ordinal);

    /// <summary>What somebody writes as HTML stays text, also where it looks like the renderer's own.</summary>
    [Fact]
    public void Of_HtmlInTheText_StaysText()
    {
        var html = Html("<a href=\"docs/x.md\" onclick=\"alert(1)\">x</a> `<a href=\"y\">`", "");

        Assert.DoesNotContain("<a ", html, StringComparison.Ordinal);
    }

    private static string Html(string markdown, string folder) =>
        RepositoryMarkdown.Of(markdown, "local", new RepositoryName("orders", "basket"), folder, "main");
}
