using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("<b>&\"", "&lt;b&gt;&amp;&quot;")]
    [InlineData("\u001b[31mred\u001b[0m end", "<span class=\"fg-1\">red</span> end")]
    [InlineData(
        "\u001b[1;92mok\u001b[22m still", "<span class=\"fg-10 bold\">ok</span><span class=\"fg-10\"> still</span>")]
    [InlineData("\u001b[41;30mx\u001b[49m", "<span class=\"fg-0 bg-1\">x</span>")]
    [InlineData("\u001b[38;5;196mx\u001b[m", "<span class=\"fg-9\">x</span>")]
    [InlineData("\u001b[38;2;0;200;0mx\u001b[39my", "<span class=\"fg-2\">x</span>y")]
    [InlineData("a\u001b[2Kb\u001b[1Ac", "abc")]
    [InlineData("\u001b]8;;https://evil.example\u0007label\u001b]8;;\u0007", "label")]
    [InlineData("10 %\r100 %", "100 %")]
    [InlineData("a\u0008\u0000b", "ab")]
    [InlineData("tab\there", "tab\there")]
    public void Line_Terminal_Html(string text, string expected) => Assert.Equal(expected, new AnsiText().Line(text));

    [Fact]
    public void Line_StyleNotReset_GoesOnInNextLine()
    {
        var text = new AnsiText();
        text.Line("\u001b[33mfirst");

        Assert.Equal("<span class=\"fg-3\">second</span>", text.Line("second"));
    }

    [Fact]
    public void Line_Address_BecomesLinkWithoutTheFullStop() => Assert.Equal(
        "see <a href=\"http://localhost:80/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer\">http://localhost:80/?a=1&amp;b=2</a>.",
        new AnsiText().Line("see http://localhost:80/?a=1&b=2."));

    [Fact]
    public void Line_OtherScheme_StaysText() =>
        Assert.Equal("javascript:alert(1)", new AnsiText().Line("javascript:alert(1)"));
}
