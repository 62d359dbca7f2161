using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>What a walk over a run's steps starts from; the same for a plan and for the real thing.</summary>
/// <param name="Secrets">Reach rendered inputs only.</param>
/// <param name="UserEntity">The descriptor of the person's User entity, for <c>user.entity</c>; null when there is
/// none.</param>
public sealed record WalkInput(
    Guid RunId, RunSpec Spec, JsonObject Values, JsonObject Secrets, Actor Actor, JsonObject? UserEntity,
    FileTree Template,
    RunProvenance? Provenance, Workspace Workspace, bool IsPlan);

/// <summary>
/// Who walks: the planner (remembers what would happen) or the executor (makes it happen and keeps it in the database).
/// </summary>
public interface IWalkHost
{
    /// <summary>What an earlier attempt left of this step; null when it has to be run.</summary>
    FinishedStep? Finished(StepSpec step);

    Task StepStartedAsync(StepSpec step, CancellationToken cancellation);

    /// <param name="output">JSON object, or an array of objects after <c>each</c>; null unless completed.</param>
    /// <param name="note">Why it was skipped or failed: one sentence.</param>
    Task StepEndedAsync(
        StepSpec step, StepStatus status, JsonNode? output, string? note, CancellationToken cancellation);

    /// <summary>The context for one call of an action. Input is rendered and checked.</summary>
    ActionContext CreateContext(WalkInput input, StepSpec step, int iteration, JsonObject actionInput);

    /// <summary>Null where what is rendered is shown to nobody.</summary>
    RunSecrets? Secrets => null;

    void Log(StepSpec? step, string message, RunEventType level);
}

public sealed record FinishedStep(StepStatus Status, JsonNode? Output);
