using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Server;

/// <summary>
/// How a workflow would go, read off its text: <c>exit N</c> fails, <c>sleep</c> waits until it is cancelled, the rest
/// passes.
/// </summary>
internal sealed partial record Play(string Step, bool Fails, bool Waits)
{
    public static Play Of(string workflow) => new(
        StepName().Match(workflow) is { Success: true } name ? name.Groups[1].Value : "Run",
        Failing().IsMatch(workflow), workflow.Contains("sleep ", StringComparison.Ordinal));

    [GeneratedRegex(@"(?:-\s+|\{\s*)name:\s*(\w[\w ]*)")]
    private static partial Regex StepName();

    [GeneratedRegex(@"\bexit [1-9]")]
    private static partial Regex Failing();
}

internal sealed class StoredRun(
    string id, RepositoryName repository, NewRun request, string branch, StoredCommit commit, Play play, int number,
    DateTimeOffset createdAt, TimeSpan time)
{
    private DateTimeOffset? cancelledAt;

    public string Id => id;

    public RepositoryName Repository => repository;

    public string? Correlation => request.Correlation;

    public int Number => number;

    public StoredCommit Commit => commit;

    public bool IsOver => Status is not PipelineStatus.Running;

    private DateTimeOffset EndsAt => createdAt + time;

    public PipelineStatus Status =>
        cancelledAt is not null ? PipelineStatus.Cancelled
        : play.Waits || OutsideState.Now() < EndsAt ? PipelineStatus.Running
        : play.Fails ? PipelineStatus.Failed
        : PipelineStatus.Passed;

    public void Cancel()
    {
        if (!IsOver) cancelledAt = OutsideState.Now();
    }

    public PipelineRunInfo Describe()
    {
        var status = Status;
        var finished = status == PipelineStatus.Running ? null : (DateTimeOffset?)(cancelledAt ?? EndsAt);
        var step = new PipelineStepInfo(play.Step, status, createdAt, finished, null);
        return new PipelineRunInfo(
            id, repository, request.Workflow, number, branch, commit.Sha, commit.Subject, PipelineTrigger.Manual,
            status, createdAt, createdAt, finished,
            [new PipelineJobInfo("build", "build", status, createdAt, finished, [step])],
            status == PipelineStatus.Passed ? [new ArtifactInfo("app", 100, 1)] : [], 0,
            status == PipelineStatus.Failed ? $"The step {play.Step} failed." : null);
    }

    public IEnumerable<HostLogLine> Log() => (play.Waits
        ? ["waiting"]
        : Enumerable.Range(1, 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"line {i}")))
        .Select((text, index) => new HostLogLine(index + 1, createdAt, $"build / {play.Step}", text));

    public OutsideThing AsThing() => new(OutsideThing.PipelineRun, id, request.Correlation, null);
}
