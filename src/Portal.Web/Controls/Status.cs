using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;

namespace Portal.Web.Controls;

/// <summary>What a status means for the reader; decides the colour.</summary>
public enum Tone { Neutral, Info, Success, Warning, Danger }

/// <summary>A status as it is shown: never by its colour alone, so always an icon and a word.</summary>
/// <param name="Active">Something goes on: the icon turns.</param>
public sealed record Status(string Word, Tone Tone, string Icon, bool Active = false)
{
    public static Status Of(RunStatus status) => status switch
    {
        RunStatus.Queued => Waiting("Queued"),
        RunStatus.Running => Busy("Running"),
        RunStatus.Waiting => Waiting("Waiting"),
        RunStatus.Completed => Good("Completed"),
        RunStatus.Failed => Bad("Failed"),
        RunStatus.Cancelled => Off("Cancelled"),
        RunStatus.Undoing => Busy("Undoing"),
        RunStatus.Undone => Off("Undone"),
        RunStatus.UndoFailed => Bad("Undo failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Status Of(StepStatus status) => status switch
    {
        StepStatus.Waiting => Waiting("Waiting"),
        StepStatus.Running => Busy("Running"),
        StepStatus.Completed => Good("Completed"),
        StepStatus.Skipped => new("Skipped", Tone.Neutral, "skip-forward"),
        StepStatus.Failed => Bad("Failed"),
        StepStatus.Cancelled => Off("Cancelled"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <param name="skipped">How many steps of a passed pipeline were skipped: said, never hidden.</param>
    public static Status Of(PipelineStatus status, int skipped = 0) => status switch
    {
        PipelineStatus.Queued => Waiting("Queued"),
        PipelineStatus.Running => Busy("Running"),
        PipelineStatus.Passed => Good(skipped == 0 ? "Passed" : $"Passed, {skipped} skipped"),
        PipelineStatus.Failed => Bad("Failed"),
        PipelineStatus.Cancelled => Off("Cancelled"),
        PipelineStatus.Skipped => new("Skipped", Tone.Neutral, "skip-forward"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Status Of(EnvironmentStatus status) => status switch
    {
        EnvironmentStatus.Creating => Busy("Creating"),
        EnvironmentStatus.Running => Good("Running"),
        EnvironmentStatus.Unhealthy => new("Unhealthy", Tone.Warning, "triangle-alert"),
        EnvironmentStatus.Stopped => new("Stopped", Tone.Neutral, "circle-pause"),
        EnvironmentStatus.Failed => Bad("Failed"),
        EnvironmentStatus.Destroyed => Off("Destroyed"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Status Of(DeploymentStatus status) => status switch
    {
        DeploymentStatus.Running => Busy("Deploying"),
        DeploymentStatus.Succeeded => Good("Succeeded"),
        DeploymentStatus.Failed => Bad("Failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Status Good(string word) => new(word, Tone.Success, "circle-check");

    public static Status Bad(string word) => new(word, Tone.Danger, "circle-x");

    public static Status Warn(string word) => new(word, Tone.Warning, "triangle-alert");

    public static Status Busy(string word) => new(word, Tone.Info, "loader-circle", Active: true);

    public static Status Waiting(string word) => new(word, Tone.Neutral, "circle-dashed");

    public static Status Off(string word) => new(word, Tone.Neutral, "circle-slash");

    public static Status Unknown(string word = "Unknown") => new(word, Tone.Neutral, "circle-help");
}
