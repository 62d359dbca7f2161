using Portal.Core.Activities;
using Portal.Web.Governance;

namespace Portal.Web.Tests.Governance;

public sealed class ActivityFiltersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData("week", "", "", "2026-11-23T12:00", null)]
    [InlineData("nonsense", null, null, null, null)]
    [InlineData(null, "2026-11-01", "2026-11-01", "2026-11-01T00:00", "2026-11-02T00:00")]
    [InlineData("day", "2026-11-01", null, "2026-11-29T12:00", null)]
    [InlineData("month", "2026-11-20", null, "2026-11-20T00:00", null)]
    public void Range_GivesTheLaterStartAndTheWholeLastDay(
        string? time, string? from, string? to, string? since, string? until)
    {
        var range = ActivityFilters.Range(time, from, to, Now);

        Assert.Null(range.Wrong);
        Assert.Equal((Parse(since), Parse(until)), (range.Since, range.Until));
    }

    [Theory]
    [InlineData("yesterday", null, "'yesterday' is no date")]
    [InlineData(null, "30.11.2026", "'30.11.2026' is no date")]
    [InlineData("9999-12-31", null, "'9999-12-31' is no date")]
    [InlineData("2026-11-02", "2026-11-01", "ends before it begins")]
    public void Range_ThatIsNone_SaysWhatToChange(string? from, string? to, string says) =>
        Assert.Contains(says, ActivityFilters.Range(null, from, to, Now).Wrong, StringComparison.Ordinal);

    [Fact]
    public void KindsOf_EveryKindThatIsOffered_IsOne() =>
        Assert.Equal(
            Enum.GetValues<ActivityKind>().Order(),
            ActivityFilters.Kinds.SelectMany(k => ActivityFilters.KindsOf(k.Value)).Order());

    [Theory]
    [InlineData(null)]
    [InlineData("1")]
    [InlineData("nonsense")]
    public void KindsOf_AnythingElse_IsNone(string? kind) => Assert.Empty(ActivityFilters.KindsOf(kind));

    private static DateTimeOffset? Parse(string? text) => text is null ? null
        : DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
