using Portal.Core.Shared;

namespace Portal.Core.Tests.Shared;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("90m", 90)]
    [InlineData("12h", 720)]
    [InlineData("7d", 10_080)]
    [InlineData("2w", 20_160)]
    [InlineData(" 7 d ", 10_080)]
    [InlineData("PT12H", 720)]
    [InlineData("P7D", 10_080)]
    [InlineData("P2W", 20_160)]
    public void TryParse_WhatPeopleWrite_IsRead(string text, int minutes)
    {
        Assert.True(Durations.TryParse(text, out var span));
        Assert.Equal(TimeSpan.FromMinutes(minutes), span);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("0d")]
    [InlineData("-7d")]
    [InlineData("-P7D")]
    [InlineData("7")]
    [InlineData("7.5d")]
    [InlineData("100001d")]
    [InlineData("P99999999999D")]
    public void TryParse_WhatIsNone_IsRefused(string? text) => Assert.False(Durations.TryParse(text, out _));
}
