using Bunit;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.Tests.Controls;

namespace Portal.Web.Tests.GoldenPaths.Runs;

public sealed class LinkedTextTests : ControlTest
{
    [Fact]
    public void Render_PathOfThePortal_IsALink()
    {
        var shown = Render<LinkedText>(p => p.Add(t => t.Text, "The pipeline failed. Its log: /pipelines/01a2-b3."));

        Assert.Equal("/pipelines/01a2-b3", shown.Find("a").GetAttribute("href"));
        Assert.Equal("The pipeline failed. Its log: /pipelines/01a2-b3.", string.Join(' ', shown.Nodes.Select(
            n => n.TextContent.Trim()).Where(t => t.Length > 0)).Replace(" .", ".", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://elsewhere.example/pipelines/1 is not ours")]
    [InlineData("The path /etc/passwd and the word and/or stay words")]
    [InlineData("<a href='/runs/1'>no markup</a>")]
    public void Render_AnythingElse_StaysText(string text)
    {
        var shown = Render<LinkedText>(p => p.Add(t => t.Text, text));

        Assert.Empty(shown.FindAll("a"));
    }
}
