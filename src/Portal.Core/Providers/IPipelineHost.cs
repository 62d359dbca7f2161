using System.Text.Json.Serialization;
using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: CI pipelines of a repository. Runs that start by themselves (a push) are reported through
/// <see cref="IProviderEvents"/>.
/// </summary>
public interface IPipelineHost : IProvider
{
    /// <summary>
    /// One sentence that says where runs are executed and as whom; null where the host's own pages say it.
    /// </summary>
    string? RunsAs => null;

    /// <summary>
    /// True: every change of every run is told through <see cref="IProviderEvents"/> and none is lost. False: the
    /// portal also asks, once a minute, for those that it follows.
    /// </summary>
    bool TellsAll => false;

    /// <summary>How often who waits for a run may ask for it.</summary>
    TimeSpan PollInterval => TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Starts a pipeline run and returns at once. The same <see cref="TriggerPipeline.Correlation"/> again returns the
    /// run that it started before. A host that keeps no correlation itself takes it as the workflow's input
    /// <see cref="TriggerPipeline.CorrelationInput"/>, which the workflow shows in its <c>run-name</c>; a workflow that
    /// does not declare the input is started at least once.
    /// </summary>
    Task<PipelineRunInfo> TriggerAsync(TriggerPipeline request, CancellationToken cancellation);

    Task<PipelineRunInfo?> FindByCorrelationAsync(
        RepositoryName repository, string correlation, CancellationToken cancellation);

    Task<PipelineRunInfo?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<PipelineRunInfo>> ListAsync(
        RepositoryName repository, int limit, CancellationToken cancellation);

    /// <summary>
    /// The lines after number <paramref name="after"/> (0 = from the start), at most <paramref name="limit"/>. Does not
    /// wait.
    /// </summary>
    Task<IReadOnlyList<HostLogLine>> ReadLogAsync(string id, long after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Runs the same workflow on the same commit again. The run comes back with its own id and the next
    /// <see cref="PipelineRunInfo.Attempt"/> where the host counts attempts, else as a new run. Conflict
    /// (<c>pipeline-run-active</c>) while it is not over.
    /// </summary>
    Task<PipelineRunInfo> RerunAsync(string id, CancellationToken cancellation);

    /// <summary>Ends the run with everything that it started. One that is over already is fine.</summary>
    Task CancelAsync(string id, CancellationToken cancellation);
}

/// <param name="Workflow">File name below <c>.github/workflows</c>, e.g. <c>ci.yml</c>.</param>
/// <param name="Reference">Branch, tag or SHA.</param>
/// <param name="Correlation">Unique for the effect that triggers it.</param>
/// <param name="Inputs">Of <c>workflow_dispatch</c>; null = none.</param>
public sealed record TriggerPipeline(
    RepositoryName Repository, string Workflow, string Reference, string Correlation,
    IReadOnlyDictionary<string, string>? Inputs = null)
{
    /// <summary>The name of the workflow's input that carries the correlation.</summary>
    public const string CorrelationInput = "portal_correlation";
}

/// <summary>
/// <see cref="Passed"/> with <see cref="PipelineRunInfo.SkippedSteps"/> above 0 is shown as "passed, N skipped".
/// </summary>
public enum PipelineStatus { Queued, Running, Passed, Failed, Cancelled, Skipped }

public enum PipelineTrigger { Push, Manual, PullRequest, Schedule, Other }

/// <param name="Id">Unique on its provider instance.</param>
/// <param name="Number">Counts up from 1, per repository or, where the host counts so, per workflow of it.</param>
/// <param name="Failure">One sentence: why it failed; null otherwise.</param>
/// <param name="WebUrl">Its page at the host; null where the portal's is the only one.</param>
/// <param name="Attempt">From 1; counts up where a run that is run again keeps its id.</param>
public sealed record PipelineRunInfo(
    string Id, RepositoryName Repository, string Workflow, int Number, string Branch, string Commit,
    string CommitSubject, PipelineTrigger Trigger,
    PipelineStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt,
    IReadOnlyList<PipelineJobInfo> Jobs, IReadOnlyList<ArtifactInfo> Artifacts, int SkippedSteps, string? Failure,
    string? WebUrl = null, int Attempt = 1)
{
    /// <summary>
    /// <see cref="Providers.Repository.HostId"/> of its repository; null where the host has none or does not say.
    /// </summary>
    [JsonIgnore]
    public string? RepositoryHostId { get; init; }

    public bool IsFinished => Status is not (PipelineStatus.Queued or PipelineStatus.Running);
}

public sealed record PipelineJobInfo(
    string Id, string Name, PipelineStatus Status, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt,
    IReadOnlyList<PipelineStepInfo> Steps);

/// <param name="Note">Why it was skipped or failed, in words: "not available locally:
/// docker/build-push-action".</param>
public sealed record PipelineStepInfo(
    string Name, PipelineStatus Status, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Note);

/// <param name="Size">Bytes.</param>
public sealed record ArtifactInfo(string Name, long Size, int Files);

/// <param name="Number">From 1, without gaps, per run or environment.</param>
/// <param name="Source">Job and step of a pipeline, or the stream of an environment's process.</param>
public sealed record HostLogLine(long Number, DateTimeOffset At, string Source, string Text);
