using System.Text.Json;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

public enum WayOut
{
    /// <summary>The form again with the run's values, the name to be changed.</summary>
    ChooseAnotherName,

    /// <summary>From where it stopped.</summary>
    Retry,

    /// <summary>The form of the version that it is pinned to, of what is not fixed yet; then it goes on.</summary>
    Correct,

    /// <summary>What it made is taken away.</summary>
    Undo,

    /// <summary>The form again with the run's values.</summary>
    CreateAgain,
}

/// <summary>
/// What helps with a run that did not end well, the one that helps most first. None of them leads back to where one is:
/// to try again is offered where it can end otherwise, to correct where something can still be corrected.
/// </summary>
public static class WaysOut
{
    /// <returns>None for a run that ended well or is not over.</returns>
    public static IReadOnlyList<WayOut> Of(RunView view) => view.Run.Status switch
    {
        RunStatus.Failed => [.. AfterFailure(view)],
        RunStatus.Cancelled => [WayOut.Retry, .. Correct(view), .. Undo(view)],
        RunStatus.UndoFailed => [WayOut.Undo],
        RunStatus.Undone => [.. Again(view, WayOut.CreateAgain)],
        _ => [],
    };

    private static IEnumerable<WayOut> AfterFailure(RunView view) => view.Run.Cause switch
    {
        FailureCause.NameTaken => [.. Again(view, WayOut.ChooseAnotherName), .. Undo(view)],
        // Under the same name nothing can be made again beside what is left.
        FailureCause.Input => [.. Correct(view), .. Undo(view) is [] ? Again(view, WayOut.CreateAgain) : Undo(view)],
        _ => [WayOut.Retry, .. Correct(view), .. Undo(view)],
    };

    private static IEnumerable<WayOut> Correct(RunView view) => CanCorrect(view) ? [WayOut.Correct] : [];

    private static WayOut[] Undo(RunView view) =>
        view.Run.CanUndo && view.Changes.Any(c => c.State != JournalState.Undone) ? [WayOut.Undo] : [];

    /// <summary>What changes something that exists has no form: whoever did it finds it there.</summary>
    private static IEnumerable<WayOut> Again(RunView view, WayOut way) => view.Run.Subject is null ? [way] : [];

    private static bool CanCorrect(RunView view)
    {
        if (view.Run is not { CanRetry: true, Template: not null }) return false;
        var names = JsonSerializer.Deserialize<RunSpec>(view.Run.Spec, Json.Options)!.Parameters;
        // A run of an earlier release does not say which there are.
        return names is null || FixedParameters.Of(view, names).Count < names.Distinct(StringComparer.Ordinal).Count();
    }
}
