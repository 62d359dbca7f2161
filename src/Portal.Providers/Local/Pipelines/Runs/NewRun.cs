using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>A run that is to be made.</summary>
/// <param name="Workflow">File name.</param>
/// <param name="Correlation">Unique in its repository: the same again is the run that there is.</param>
/// <param name="Subject">Of the commit.</param>
/// <param name="Reference">Full, e.g. <c>refs/heads/main</c>.</param>
internal sealed record NewRun(
    RepositoryName Repository, string Workflow, string Correlation, string Commit, string Subject, string Reference,
    PipelineTrigger Trigger)
{
    /// <summary>The branch's commit before the push; null when nobody pushed, or the branch is new.</summary>
    public string? Before { get; init; }

    /// <summary>Who pushed, where that is known.</summary>
    public string? By { get; init; }

    /// <summary>Of workflow_dispatch, as given.</summary>
    public IReadOnlyDictionary<string, string>? Inputs { get; init; }

    /// <summary>The same workflow on the same commit once more.</summary>
    public static NewRun Again(StoredRun run) => new(
        run.Info.Repository, run.Info.Workflow, $"rerun:{Guid.CreateVersion7():N}", run.Info.Commit,
        run.Info.CommitSubject, run.Reference,
        run.Info.Trigger)
    {
        Before = run.Before, By = run.By, Inputs = run.Inputs,
    };

    public StoredRun Queued(int number, DateTimeOffset now)
    {
        var branch = Reference[(Reference.IndexOf('/', "refs/".Length) + 1)..];
        var info = new PipelineRunInfo(
            Guid.CreateVersion7().ToString(
                "N"), Repository, Workflow, number, branch, Commit, Subject, Trigger, PipelineStatus.Queued, now,
            null, null, [], [], 0, null);
        return new StoredRun(info, Correlation, 1, Reference, Before, By, Inputs);
    }
}
