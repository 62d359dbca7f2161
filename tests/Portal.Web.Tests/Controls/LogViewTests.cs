using Bunit;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class LogViewTests : ControlTest
{
    [Fact]
    public void Render_LinesAdded_ShowsEachOnce()
    {
        List<LogLine> lines = [new("first"), new("boom", LogLevelKind.Error)];
        var view = Render<LogView>(p => p.Add(x => x.Lines, lines));

        for (var i = 0; i < 250; i++) lines.Add(new LogLine($"line {i}"));
        view.Render();

        var shown = view.FindAll(".log-line");
        Assert.Equal(252, shown.Count);
        Assert.Equal(["1", "2", "252"], new[] { shown[0], shown[1], shown[^1] }.Select(l => l.GetAttribute("data-n")));
        Assert.Equal("Error: boom", shown[1].TextContent);
        Assert.Equal("line 249", shown[^1].TextContent);
        Assert.Equal(3, view.FindAll(".log-chunk").Count);
    }

    [Fact]
    public void Render_FullChunks_AreNotRenderedAgain()
    {
        List<LogLine> lines = [.. Enumerable.Range(0, 150).Select(i => new LogLine($"line {i}"))];
        var view = Render<LogView>(p => p.Add(x => x.Lines, lines));
        var chunks = view.FindComponents<LogChunk>();
        var before = chunks.Select(c => c.RenderCount).ToArray();

        lines.Add(new LogLine("last"));
        view.Render();

        Assert.Equal([before[0], before[1] + 1], view.FindComponents<LogChunk>().Select(c => c.RenderCount));
    }

    [Fact]
    public void Render_OtherList_StartsAnew()
    {
        var view = Render<LogView>(p => p.Add(x => x.Lines, [new LogLine("old")]));
        view.Render(p => p.Add(x => x.Lines, [new LogLine("new")]));

        Assert.Equal("new", Assert.Single(view.FindAll(".log-line")).TextContent);
    }

    [Fact]
    public void Render_MarkupInLine_IsText()
    {
        var view = Render<LogView>(p => p.Add(x => x.Lines, [new LogLine("<script>alert(1)</script>")]));

        Assert.Empty(view.FindAll("script"));
        Assert.Equal("<script>alert(1)</script>", view.Find(".log-line").TextContent);
        Assert.Equal("polite", view.Find("[role=log]").GetAttribute("aria-live"));
    }
}
