using Portal.Core.Providers;

namespace Portal.Core.Delivery.Reports;

/// <summary>
/// Whose a line of a log is. Some hosts name job and step with each line; of others, which name the job alone, the time
/// tells the step.
/// </summary>
public static class StepOfLine
{
    public static bool Is(PipelineJobInfo job, PipelineStepInfo step, string source, DateTimeOffset at)
    {
        if (source == $"{job.Name} / {step.Name}") return true;
        // Hosts round the times of steps to seconds.
        return source == job.Name && step.StartedAt is { } from && at >= from
            && (step.FinishedAt is not { } until || at < until.AddSeconds(1));
    }
}
