using Portal.Core.Providers;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>GitHub's words for how things stand, in the portal's.</summary>
internal static class RunStatuses
{
    public const string Completed = "completed";

    /// <param name="status">queued, requested, waiting, pending, in_progress or completed.</param>
    /// <param name="conclusion">
    /// How it ended: success, neutral, skipped, cancelled, failure, timed_out, action_required, startup_failure, stale.
    /// </param>
    public static PipelineStatus Of(string? status, string? conclusion) => status switch
    {
        "in_progress" => PipelineStatus.Running,
        Completed => conclusion switch
        {
            "success" or "neutral" => PipelineStatus.Passed,
            "skipped" => PipelineStatus.Skipped,
            "cancelled" => PipelineStatus.Cancelled,
            // An end that is not known must not look like a good one.
            _ => PipelineStatus.Failed,
        },
        _ => PipelineStatus.Queued,
    };

    public static PipelineTrigger TriggerOf(string happening) => happening switch
    {
        "push" => PipelineTrigger.Push,
        "workflow_dispatch" or "repository_dispatch" => PipelineTrigger.Manual,
        "schedule" => PipelineTrigger.Schedule,
        _ when happening.StartsWith("pull_request", StringComparison.Ordinal) => PipelineTrigger.PullRequest,
        _ => PipelineTrigger.Other,
    };

    /// <summary>One sentence: why it failed; null when it did not.</summary>
    public static string? FailureOf(RunBody run, IReadOnlyList<JobBody> jobs)
    {
        if (Of(run.Status, run.Conclusion) != PipelineStatus.Failed) return null;
        if (jobs.FirstOrDefault(j => Of(j.Status, j.Conclusion) == PipelineStatus.Failed) is { } job)
        {
            var step = job.Steps?.FirstOrDefault(s => Of(s.Status, s.Conclusion) == PipelineStatus.Failed);
            var where = step is null ? $"The job {job.Name}" : $"The step \"{step.Name}\" of the job {job.Name}";
            return job.Conclusion == "timed_out" || step?.Conclusion == "timed_out"
                ? $"{where} took longer than it may." : $"{where} failed.";
        }
        return run.Conclusion switch
        {
            "startup_failure" =>
                "GitHub could not start it: its workflow file is not valid, or uses something that the organisation "
                + "does not allow.",
            "action_required" => "Somebody has to approve it on GitHub before it runs.",
            "stale" => "GitHub gave it up: it did not end within 14 days.",
            "timed_out" => "It took longer than it may.",
            var other => $"It ended with {other ?? "no conclusion"}.",
        };
    }
}
