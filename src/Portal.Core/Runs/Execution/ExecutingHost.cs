using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>Walks for real: keeps each step in the database and gives actions the journal.</summary>
internal sealed class ExecutingHost(
    RunAttempt attempt, IJournalFailPoints? failPoints, EffectRights rights, TimeProvider time) : IWalkHost
{
    private readonly RunWriter writer = attempt.Writer;
    private readonly RunJournal journal = attempt.Journal;
    private readonly Dictionary<string, RunStep> steps = attempt.Taken.Steps;
    private readonly Workspace workspace = attempt.Taken.Workspace;
    private readonly RunWaits waits = new(attempt.Taken.Signals);
    private readonly EffectCalls effects = new(
        attempt.Writer, attempt.Journal, rights, failPoints, time, attempt.Calls);

    public FinishedStep? Finished(StepSpec step)
    {
        var row = steps[step.Id];
        return row.Status is StepStatus.Completed or StepStatus.Skipped
            ? new FinishedStep(row.Status, row.Output is null ? null : JsonNode.Parse(row.Output))
            : null;
    }

    public Task StepStartedAsync(StepSpec step, CancellationToken cancellation)
    {
        var again = steps[step.Id].Status == StepStatus.Running;
        Change(
            step, StepStatus.Running,
            row => (row.StartedAt, row.FinishedAt) = (again ? row.StartedAt : time.Now(), null),
            again ? $"{step.Name} goes on" : $"{step.Name} started");
        return Task.CompletedTask;
    }

    public Task StepEndedAsync(
        StepSpec step, StepStatus status, JsonNode? output, string? note, CancellationToken cancellation)
    {
        // Whoever takes the run over goes on with the step: it has not ended.
        if (status == StepStatus.Cancelled && !attempt.IsCancelled) return Task.CompletedTask;
        if (workspace.Version != journal.WorkspaceVersion)
        {
            writer.Workspace(workspace.Tree);
            journal.WorkspaceVersion = workspace.Version;
        }
        var message = note is null ? $"{step.Name} {Word(status)}" : $"{step.Name} {Word(status)}: {note}";
        if (steps[step.Id].StartedAt is { } started)
        {
            RunTelemetry.Step(step.Action, Word(status), time.GetUtcNow() - started);
        }
        Change(step, status, row => (row.FinishedAt, row.Output) =
            (time.Now(), writer.Redactor.RedactJson(output?.ToJsonString(Json.Options))), message);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Ends a step that the walk left open: because of a fault of the portal's own, or because an earlier attempt began
    /// it and this one never came to it.
    /// </summary>
    public void Abandon(RunSpec spec, StepStatus status)
    {
        foreach (var step in spec.Steps.Where(s => steps[s.Id].Status == StepStatus.Running))
        {
            Change(step, status, row => row.FinishedAt = time.Now(), $"{step.Name} {Word(status)}");
        }
    }

    public ActionContext CreateContext(WalkInput input, StepSpec step, int iteration, JsonObject actionInput) =>
        new ExecutingContext(writer, effects, waits, step, iteration)
        {
            Input = actionInput, Workspace = input.Workspace, Template = input.Template, RunId = input.RunId,
            Actor = input.Actor,
            Provenance = input.Provenance, IsPlan = false, Secrets = Secrets,
        };

    public RunSecrets Secrets { get; } = new(attempt.Writer.Redactor, mustFit: true);

    public void Log(StepSpec? step, string message, RunEventType level) => writer.Event(level, step?.Id, message);

    private void Change(StepSpec step, StepStatus status, Action<RunStep> change, string message)
    {
        // A copy: the writer may be saving the row while the walk goes on.
        var row = steps[step.Id].Copy();
        row.Status = status;
        change(row);
        steps[step.Id].TakeOver(row);
        writer.Event(RunEventType.Status, step.Id, message, Word(status));
        writer.Step(row);
    }

    private static string Word(StepStatus status) => status.ToString().ToLowerInvariant();
}
