using Bunit;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class RelativeTimeTests : ControlTest
{
    [Theory]
    [InlineData(-10, "just now")]
    [InlineData(-180, "3 minutes ago")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(-3599, "60 minutes ago")]
    [InlineData(-7200, "2 hours ago")]
    [InlineData(-86400, "1 day ago")]
    [InlineData(20, "in a moment")]
    [InlineData(172800, "in 2 days")]
    [InlineData(4 * 3600 - 90, "in 4 hours")]
    [InlineData(-4 * 3600 + 90, "3 hours ago")]
    [InlineData(86400 - 90, "in 1 day")]
    [InlineData(7 * 86400 - 90, "in 7 days")]
    [InlineData(-86400 * 40, "12 Oct")]
    [InlineData(-86400 * 400, "17 Oct 2025")]
    public void Of_Distance_Words(
        int seconds, string expected) => Assert.Equal(expected, RelativeWords.Of(Now.AddSeconds(seconds), Now));

    [Theory]
    [InlineData(0.82, "820 ms")]
    [InlineData(1.24, "1.2 s")]
    [InlineData(12, "12 s")]
    [InlineData(72, "1 min 12 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(273600, "3 d 4 h")]
    [InlineData(-5, "0 s")]
    public void Of_Duration_Words(
        double seconds, string expected) => Assert.Equal(expected, RelativeWords.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Render_TimePasses_SaysSo()
    {
        var shown = Render<RelativeTime>(p => p.Add(x => x.At, Now));
        Assert.Equal("just now", shown.Find("time").TextContent);

        Time.Advance(TimeSpan.FromMinutes(3));

        shown.WaitForAssertion(() => Assert.Equal("3 minutes ago", shown.Find("time").TextContent));
        Assert.Equal("2026-11-21T12:00:00Z", shown.Find("time").GetAttribute("datetime"));
    }

    [Fact]
    public void Render_NoTime_SaysNever() => Render<RelativeTime>(p => p.Add(x => x.At, null)).MarkupMatches("never");

    [Fact]
    public async Task Dispose_LastListener_StopsTimer()
    {
        Render<RelativeTime>(p => p.Add(x => x.At, Now));
        Assert.Equal(1, Time.Timers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Time.Timers);
    }

    [Fact]
    public void Duration_Running_CountsUntilDone()
    {
        var shown = Render<Duration>(p => p.Add(x => x.From, Now));
        Time.Advance(TimeSpan.FromSeconds(72));
        shown.WaitForAssertion(() => Assert.Equal("1 min 12 s", shown.Find(".duration").TextContent));

        shown.Render(p => p.Add(x => x.Until, Now.AddSeconds(80)));

        Assert.Equal("1 min 20 s", shown.Find(".duration").TextContent);
        Assert.Equal(0, Time.Timers);
    }
}
