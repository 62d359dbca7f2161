using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

internal static class RunErrors
{
    public static Error NotFound(Guid id) => Error.NotFound("run-not-found", $"There is no run {id}.");

    public static Error Over(Run run) =>
        Error.Conflict("run-over", $"The run is {run.Status.ToString().ToLowerInvariant()} already; there is nothing to cancel.");

    public static Error NotFailed(Run run) =>
        Error.Conflict("run-not-failed", $"Only a failed or cancelled run can be retried; this one is {run.Status.ToString().ToLowerInvariant()}.");

    public static Error NotOver(Run run) =>
        Error.Conflict("run-not-over", $"The run is still {run.Status.ToString().ToLowerInvariant()}; cancel it before you undo it.");
}
