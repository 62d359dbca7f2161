using Portal.Core.Providers;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <param name="Note">Why, in words.</param>
/// <param name="NotAvailable">How many steps in it this machine cannot run.</param>
internal sealed record StepResult(PipelineStatus Status, string? Note = null, int NotAvailable = 0)
{
    public static readonly StepResult Passed = new(PipelineStatus.Passed);

    public static StepResult Failed(string why) => new(PipelineStatus.Failed, why);

    public static StepResult Unavailable(string what) =>
        new(PipelineStatus.Skipped, $"not available locally: {what}", 1);

    /// <summary>GitHub's word for it.</summary>
    public static string Word(PipelineStatus status) => status switch
    {
        PipelineStatus.Passed => "success",
        PipelineStatus.Failed => "failure",
        PipelineStatus.Cancelled => "cancelled",
        _ => "skipped",
    };
}
