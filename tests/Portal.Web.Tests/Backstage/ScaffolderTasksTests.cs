using Portal.Core.Runs;
using Portal.Web.Backstage;

namespace Portal.Web.Tests.Backstage;

public sealed class ScaffolderTasksTests
{
    private static readonly string[] Known = ["open", "processing", "completed", "failed", "cancelled"];

    [Fact]
    public void Status_EveryStatusOfARun_IsOneOfBackstages() =>
        Assert.All(Enum.GetValues<RunStatus>(), s => Assert.Contains(ScaffolderTasks.Status(s), Known));

    [Theory]
    [InlineData("open", RunStatus.Queued)]
    [InlineData("processing", RunStatus.Running, RunStatus.Waiting, RunStatus.Undoing)]
    [InlineData("cancelled", RunStatus.Cancelled, RunStatus.Undone)]
    [InlineData("failed", RunStatus.Failed, RunStatus.UndoFailed)]
    [InlineData("unheard-of")]
    public void Statuses_OneOfBackstages_FindsAllThatAreShownAsIt(
        string status, params RunStatus[] expected) => Assert.Equal(expected, ScaffolderTasks.Statuses(status));

    [Theory]
    [InlineData("completed", RunEventType.Status, "completion", "completed")]
    [InlineData("failed", RunEventType.Error, "completion", "failed")]
    [InlineData("cancelled", RunEventType.Status, "cancelled", "cancelled")]
    [InlineData("queued", RunEventType.Status, "log", "open")]
    [InlineData("undoing", RunEventType.Status, "log", "processing")]
    [InlineData("undone", RunEventType.Status, "cancelled", "cancelled")]
    [InlineData("undo-failed", RunEventType.Error, "completion", "failed")]
    public void Event_StatusOfTheRun_HasBackstagesTypeAndWord(
        string status, RunEventType type, string expectedType, string expectedStatus)
    {
        var run = new Run
        {
            Title = "it", Spec = "{}", Values = "{}", CreatedBy = "user:default/ada", Owner = "group:default/orders",
            CreatedAt = DateTimeOffset.UnixEpoch
        };
        var shown = ScaffolderTasks.Event(run, new RunEvent
        {
            RunId = run.Id, Number = 1, At = DateTimeOffset.UnixEpoch, Type = type, Status = status,
            Message = "So it is."
        });

        Assert.Equal(
            (expectedType, expectedStatus),
            (shown["type"]!.GetValue<string>(), shown["body"]!["status"]!.GetValue<string>()));
        Assert.Equal(expectedStatus == "failed", shown["body"]!["error"] is not null);
    }
}
