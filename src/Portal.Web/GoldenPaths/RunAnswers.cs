using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Web.GoldenPaths;

/// <param name="Id">Of the run.</param>
internal sealed record RunStarted(Guid Id);

/// <param name="Template">Key of the template; null for an operation on an environment.</param>
/// <param name="Subject">The one thing that exists and that it changes: <c>environment:…</c>; null for all
/// else.</param>
/// <param name="Attempt">How often it was taken up.</param>
/// <param name="CreatedBy">Entity reference.</param>
/// <param name="Owner">Key of who owns what it makes.</param>
/// <param name="Failure">One sentence; null unless it, or its undoing, failed.</param>
/// <param name="Cause">Why it failed, as far as it decides what helps; null when that cannot be told.</param>
/// <param name="Wait">What it waits for; null when for nothing.</param>
/// <param name="RetriedBy">Entity reference of who asked for the last retry.</param>
/// <param name="UndoBy">Entity reference of who asked for the undoing.</param>
internal sealed record RunSummary(
    Guid Id, string Title, string? Subject, string? Template, string? TemplateSource, string? TemplateCommit,
    string? TemplateTreeHash,
    RunStatus Status, int Attempt, bool CancelRequested, string CreatedBy, string Owner, DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Failure, FailureCause? Cause, RunWait? Wait,
    string? RetriedBy, string? UndoBy)
{
    public static RunSummary Of(Run r) => new(
        r.Id, r.Title, r.Subject, r.Template, r.TemplateSource, r.TemplateCommit, r.TemplateTreeHash, r.Status,
        r.Attempt,
        r.CancelRequested, r.CreatedBy, r.Owner, r.CreatedAt, r.StartedAt, r.FinishedAt, r.Failure, r.Cause,
        r.Wait is null ? null : JsonSerializer.Deserialize<RunWait>(r.Wait, Json.Options), r.RetriedBy, r.UndoBy);
}

/// <param name="Values">Of its form, without secrets.</param>
/// <param name="Output">Links, texts and values; null until it completed.</param>
internal sealed record RunDetails(
    RunSummary Run, JsonNode? Values, JsonNode? Output, IReadOnlyList<RunStepState> Steps,
    IReadOnlyList<RunChange> Changes)
{
    public static RunDetails Of(RunView view) => new(
        RunSummary.Of(view.Run), JsonNode.Parse(view.Run.Values),
        view.Run.Output is null ? null : JsonNode.Parse(view.Run.Output),
        [.. view.Steps.Select(RunStepState.Of)], [.. view.Changes.Select(RunChange.Of)]);
}

/// <param name="Output">What later steps read of it; null when it has none.</param>
internal sealed record RunStepState(
    string StepId, string Name, string Action, StepStatus Status, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt, JsonNode? Output)
{
    public static RunStepState Of(RunStep s) => new(
        s.StepId, s.Name, s.Action, s.Status, s.StartedAt, s.FinishedAt,
        s.Output is null ? null : JsonNode.Parse(s.Output));
}

/// <summary>A change that the run made, or was about to make.</summary>
internal sealed record RunChange(
    string StepId, int Iteration, string Name, string Kind, string Provider, string Summary, JournalState State,
    DateTimeOffset At)
{
    public static RunChange Of(JournalEntry c) =>
        new(c.StepId, c.Iteration, c.Name, c.Kind, c.Provider, c.Summary, c.State, c.At);
}

/// <param name="Number">From 1, per run.</param>
/// <param name="StepId">Null when it is of no step.</param>
/// <param name="Status">Of the step or the run, for an event of type <c>status</c>.</param>
internal sealed record RunEventRecord(
    long Number, DateTimeOffset At, RunEventType Type, string? StepId, string? Status, string Message)
{
    public static RunEventRecord Of(RunEvent e) => new(e.Number, e.At, e.Type, e.StepId, e.Status, e.Message);
}

/// <param name="Removes">What undoing takes away.</param>
/// <param name="Keeps">What stays.</param>
internal sealed record UndoPlan(IReadOnlyList<UndoneChange> Removes, IReadOnlyList<UndoneChange> Keeps)
{
    public static UndoPlan Of(IReadOnlyList<UndoItem> items) => new(
        [.. items.Where(i => i.Preview.IsRemoved).Select(UndoneChange.Of)],
        [.. items.Where(i => !i.Preview.IsRemoved).Select(UndoneChange.Of)]);
}

/// <param name="Sentence">What happens to it, in words.</param>
internal sealed record UndoneChange(string Summary, string Kind, string Provider, string Sentence)
{
    public static UndoneChange Of(UndoItem item) =>
        new(item.Entry.Summary, item.Entry.Kind, item.Entry.Provider, item.Preview.Sentence);
}
