using Portal.Core.Runs.Masking;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

internal static class RunErrors
{
    public static Error NotFound(Guid id) => Error.NotFound("run-not-found", $"There is no run {id}.");

    public static Error Over(Run run) =>
        Error.Conflict("run-over", $"The run is {Word(run)} already; there is nothing to cancel.");

    public static Error NotFailed(Run run) =>
        Error.Conflict("run-not-failed", $"Only a failed or cancelled run can be retried; this one is {Word(run)}.");

    public static Error NotOver(Run run) =>
        Error.Conflict("run-not-over", $"The run is still {Word(run)}; cancel it before you undo it.");

    public static Error Undone(Run run) => Error.Conflict("run-undone", $"The run is {Word(run)} already.");

    /// <param name="run">Null when it ended just now.</param>
    public static Error UnderWay(Run? run) => Error.Conflict(
        "run-under-way",
        run is null
            ? "Something else was under way there until just now. Try again."
            : $"{run.Title} is under way (/runs/{run.Id}). Wait for it, or cancel that run.");

    public static Error PlanIsPast(Run run) => Error.Conflict(
        "run-plan-past", $"The run is {Word(run)}: what it changed stands on its page.");

    public static Error FilesGone(Run run) => Error.Conflict(
        "run-files-gone",
        $"The files of this run's template ({run.TemplateTreeHash}) are not stored any more. Start a new run.");

    public static Error NotWaiting(Guid id) =>
        Error.Conflict("run-not-waiting", $"Run {id} does not wait for anything (any more).");

    public static Error NoApproval(Guid id) =>
        Error.Conflict("run-no-approval", $"Run {id} does not wait for an approval.");

    public static Error NoSuchEvent(Guid id, string name) =>
        Error.Conflict("run-no-such-event", $"Run {id} does not wait for an event '{name}'.");

    public static Error SecretsMissing(IEnumerable<string> names) => Error.Invalid(
        "secrets-missing", $"The secrets of this run are erased: give {string.Join(", ", names)} again to retry it.");

    /// <summary>Null when they are not.</summary>
    public static Error? SecretsTooLarge(System.Text.Json.Nodes.JsonObject secrets) =>
        secrets.ToJsonString().Length <= SecretRedactor.MostSecrets ? null : new Error(
            ErrorKind.TooLarge, "secrets-too-large",
            $"The secrets have over {SecretRedactor.MostSecrets / 1024} KiB together. Give a reference to where they are kept.");

    public static Error NoTemplate =>
        Error.Conflict("run-no-template", "Only a run of a template has parameters that could be corrected.");

    public static Error ParameterUsed(IEnumerable<string> names) => Error.Conflict(
        "parameter-used",
        $"{string.Join(", ", names)} cannot be changed any more: a step that is done was made with it. Undo the run and create again.");

    private static string Word(Run run) => run.Status switch
    {
        RunStatus.UndoFailed => "only partly undone",
        RunStatus.Undoing => "being undone",
        var status => status.ToString().ToLowerInvariant(),
    };
}
