using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Pipelines;

namespace Portal.Providers.Tests.GitHub;

public sealed class RunMappingTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("queued", null, PipelineStatus.Queued)]
    [InlineData("requested", null, PipelineStatus.Queued)]
    [InlineData("waiting", null, PipelineStatus.Queued)]
    [InlineData("pending", null, PipelineStatus.Queued)]
    [InlineData("in_progress", null, PipelineStatus.Running)]
    [InlineData("completed", "success", PipelineStatus.Passed)]
    [InlineData("completed", "neutral", PipelineStatus.Passed)]
    [InlineData("completed", "skipped", PipelineStatus.Skipped)]
    [InlineData("completed", "cancelled", PipelineStatus.Cancelled)]
    [InlineData("completed", "failure", PipelineStatus.Failed)]
    [InlineData("completed", "timed_out", PipelineStatus.Failed)]
    [InlineData("completed", "action_required", PipelineStatus.Failed)]
    [InlineData("completed", "startup_failure", PipelineStatus.Failed)]
    [InlineData("completed", "stale", PipelineStatus.Failed)]
    [InlineData("completed", null, PipelineStatus.Failed)]
    [InlineData("completed", "something_new", PipelineStatus.Failed)]
    [InlineData("something_new", null, PipelineStatus.Queued)]
    public void Of_EachStatusOfGitHub_IsOneOfOurs(string status, string? conclusion, PipelineStatus expected) =>
        Assert.Equal(expected, RunStatuses.Of(status, conclusion));

    [Theory]
    [InlineData("push", PipelineTrigger.Push)]
    [InlineData("workflow_dispatch", PipelineTrigger.Manual)]
    [InlineData("repository_dispatch", PipelineTrigger.Manual)]
    [InlineData("pull_request", PipelineTrigger.PullRequest)]
    [InlineData("pull_request_target", PipelineTrigger.PullRequest)]
    [InlineData("schedule", PipelineTrigger.Schedule)]
    [InlineData("workflow_run", PipelineTrigger.Other)]
    public void TriggerOf_EachEvent_IsOneOfOurs(
        string happening, PipelineTrigger expected) => Assert.Equal(expected, RunStatuses.TriggerOf(happening));

    [Fact]
    public void FailureOf_AFailedStep_NamesItAndItsJob()
    {
        var jobs = new List<JobBody>
        {
            new(1, "lint", "completed", "success", At, At, []),
            new(2, "build", "completed", "failure", At, At, [new StepBody(
                "Set up job", 1, "completed", "success", At,
                At), new StepBody("Test", 2, "completed", "failure", At, At)]),
        };
        Assert.Equal("The step \"Test\" of the job build failed.", RunStatuses.FailureOf(Run("failure"), jobs));
        Assert.Null(RunStatuses.FailureOf(Run("success"), jobs));
        Assert.Contains("not valid", RunStatuses.FailureOf(Run("startup_failure"), []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop.orders.123", "shop", "orders", 123)]
    [InlineData("shop.orders.v2.9007199254740993", "shop", "orders.v2", 9007199254740993)]
    public void TryParse_AnId_IsReadBack(string text, string organisation, string name, long number)
    {
        Assert.True(RunId.TryParse(text, out var id));
        Assert.Equal(new RunId(new RepositoryName(organisation, name), number), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("123")]
    [InlineData("shop.123")]
    [InlineData("shop.orders.")]
    [InlineData("shop.orders.-1")]
    [InlineData("shop.orders.12a")]
    [InlineData("../../etc/passwd")]
    [InlineData("shop/x.orders.1")]
    public void TryParse_NoId_IsNone(string text) => Assert.False(RunId.TryParse(text, out _));

    [Fact]
    public void Parse_ALog_TakesTheMomentOfEachLine()
    {
        var lines = RunLogs.Parse(
            "\uFEFF2026-11-21T10:00:01.1234567Z line 1\r\n2026-11-21T10:00:02.0000000Z \n\tat Program.Main()\n",
            new JobBody(7, "build", "completed", "success", At, At, null));
        Assert.Equal(
            [("line 1", 1.1234567), ("", 2.0), ("\tat Program.Main()", 2.0)],
            lines.Select(l => (l.Text, Math.Round((l.At - At).TotalSeconds, 7))));
        Assert.Empty(RunLogs.Parse("", new JobBody(7, "build", "completed", "success", At, At, null)));
    }

    [Theory]
    [InlineData("on: { workflow_dispatch: { inputs: { portal_correlation: { type: string } } } }", true)]
    [InlineData("on:\n  push:\n  workflow_dispatch:\n    inputs:\n      size: { type: string }\n", false)]
    [InlineData("on: workflow_dispatch", false)]
    [InlineData("on: [push, workflow_dispatch]", false)]
    [InlineData("on: {", false)]
    [InlineData("", false)]
    public void TakesCorrelation_AWorkflow_IsWhatItDeclares(
        string text, bool expected) => Assert.Equal(expected, WorkflowFile.Parse(text).TakesCorrelation);

    private static RunBody Run(string conclusion) =>
        new(
            1, "CI", "CI", ".github/workflows/ci.yml", 1, 1, "main", "a", "push", "completed", conclusion, At, At, At,
            "https://github.com/shop/orders/actions/runs/1", null);
}
