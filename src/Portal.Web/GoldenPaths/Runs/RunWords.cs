using Portal.Core.Runs;
using Portal.Web.Controls;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>A run in words, where its status alone does not say it.</summary>
internal static class RunWords
{
    /// <summary>Before a length of time: "took", or what it does still.</summary>
    public static string Lasting(RunStatus status) => status switch
    {
        RunStatus.Queued or RunStatus.Running => "running for",
        RunStatus.Waiting => "open for",
        _ => "took",
    };

    /// <summary>One sentence for those who hear the page; nothing while it just goes on.</summary>
    public static string? Outcome(RunView view, RunWait? wait) => view.Run.Status switch
    {
        RunStatus.Waiting => $"The run waits: {wait?.Title}",
        RunStatus.Completed => "The run has completed. Its result is below.",
        RunStatus.Failed or RunStatus.UndoFailed => view.Run.Failure,
        RunStatus.Cancelled => "The run was cancelled.",
        RunStatus.Undoing => "What the run created is being removed.",
        RunStatus.Undone => "The run is undone.",
        _ => null,
    };

    public static Status Of(JournalState state) => state switch
    {
        JournalState.Done => Status.Good("Done"),
        JournalState.Undone => Status.Off("Undone"),
        _ => Status.Waiting("Begun"),
    };
}
