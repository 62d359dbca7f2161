using Portal.Core.Data.Clocks;

namespace Portal.Core.Tests.Data.Clocks;

public sealed class ClockJudgementTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ClockOptions Options = new();

    [Fact]
    public void Of_ClocksInStep_Believes() => Assert.Null(Judge(At(0), null).Problem);

    [Theory]
    [InlineData(5 * 60, "5.0 hours ahead of")]
    [InlineData(-6, "6.0 minutes behind")]
    public void Of_PortalsClockOff_HoldsAndCannotBeConfirmed(int minutes, string words)
    {
        var judged = Judge(At(0) with { Host = Noon.AddMinutes(minutes) }, null);

        Assert.Contains(words, judged.Problem, StringComparison.Ordinal);
        Assert.False(judged.CanConfirm);
    }

    /// <summary>Both clocks are of one machine, and somebody sets it.</summary>
    [Fact]
    public void Of_BothJumpForward_HoldsUntilTheyAreSetBack()
    {
        var before = Judge(At(0), null).Anchor;

        var jumped = Judge(At(15, jump: TimeSpan.FromHours(5)), before);
        var stillThere = Judge(At(3_600, jump: TimeSpan.FromHours(5)), jumped.Anchor);
        var setRight = Judge(At(3_615), stillThere.Anchor);

        Assert.Contains("went forward by 5.0 hours", jumped.Problem, StringComparison.Ordinal);
        Assert.True(jumped.CanConfirm);
        Assert.NotNull(stillThere.Problem);
        Assert.Null(setRight.Problem);
    }

    [Fact]
    public void Of_ThePortalWasDownWhileTimePassed_Believes() => Assert.Null(Judge(At(3 * 86_400), Judge(At(0), null).Anchor).Problem);

    [Fact]
    public void Of_SetBack_Believes()
    {
        var back = Judge(At(15, jump: TimeSpan.FromHours(-5)), Judge(At(0), null).Anchor);

        Assert.Null(back.Problem);
        Assert.NotNull(Judge(At(30), back.Anchor).Problem);
    }

    [Fact]
    public void Of_MachineStartedAnewWithAClockFarAhead_SettlesFirstAndBelievesThen()
    {
        var first = Judge(At(10), null, lastSeen: Noon.AddDays(-2));

        Assert.True(first.Settles);
        Assert.NotNull(Judge(At(10 + 599), first.Anchor).Problem);
        Assert.Null(Judge(At(10 + 601), first.Anchor).Problem);
    }

    [Fact]
    public void Of_MachineStartedAnewAMomentAgo_Believes() => Assert.Null(Judge(At(10), null, lastSeen: Noon.AddMinutes(-4)).Problem);

    [Fact]
    public void Of_AJumpWhileItSettles_Holds()
    {
        var first = Judge(At(10, jump: TimeSpan.FromHours(5)), null, lastSeen: Noon.AddMinutes(-1));
        var mended = Judge(At(20), first.Anchor);

        Assert.True(mended.Settles);
        Assert.NotNull(Judge(At(20 + 599), mended.Anchor).Problem);
    }

    private static ClockReading At(double uptime, TimeSpan jump = default) =>
        new(Noon.AddSeconds(uptime) + jump, Noon.AddSeconds(uptime) + jump, TimeSpan.FromSeconds(uptime), "boot");

    private static ClockJudgement Judge(ClockReading reading, ClockAnchor? last, DateTimeOffset? lastSeen = null) => ClockJudgement.Of(reading, last, lastSeen, Options);
}
