using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>What a run would do, found by walking its steps without touching anything.</summary>
/// <param name="Workspace">The files at the end of the walk.</param>
/// <param name="Repositories">The repositories that would be made, with their first commit's files.</param>
/// <param name="Monthly">What its changes cost per month, one amount per currency; empty when nothing.</param>
/// <param name="Output">As far as it is known.</param>
/// <param name="Hash">The same as long as the same is made: over files and changes, not over times and ids.</param>
public sealed record RunPlan(
    FileTree Workspace, IReadOnlyList<PlannedRepository> Repositories, IReadOnlyList<PlannedStep> Steps,
    IReadOnlyList<PlannedChange> Effects,
    IReadOnlyList<Money> Monthly, RunOutput Output, IReadOnlyList<PlanLogLine> Log, string Hash)
{
    /// <summary>What the review shows: the one repository's files where there is one, else the workspace.</summary>
    public FileTree Files => Repositories is [var one] ? one.Tree : Workspace;

    public IEnumerable<string> Warnings => Log.Where(l => l.Level == RunEventType.Warning).Select(l => l.Message);
}

public sealed record PlannedRepository(RepositoryName Name, FileTree Tree);

public enum PlannedStatus
{
    WillRun,
    Skipped,
    /// <summary>Its condition needs a value that only the run will know.</summary>
    DecidedAtRun,
    /// <summary>The portal has no such action; nothing can be created.</summary>
    UnknownAction,
}

/// <param name="Note">Why it is skipped, undecided or unknown; null when it runs.</param>
public sealed record PlannedStep(string Id, string Name, string Action, PlannedStatus Status, string? Note);

/// <summary>A change in the order in which it happens.</summary>
/// <param name="StepId">The step that makes it.</param>
/// <param name="IsCertain">False when the run decides whether it happens.</param>
/// <param name="NameInput">The step's rendered input "name", for tests of templates; null when it has none.</param>
public sealed record PlannedChange(
    string StepId, string Action, PlannedEffect Effect, bool IsCertain, string? NameInput)
{
    /// <summary>The names that it takes.</summary>
    public IReadOnlyList<NameClaim> Claims { get; init; } = [];

    public string What => Effect.What;

    public string Name => Effect.Name;

    public string Provider => Effect.Provider;

    public string Summary => Effect.Summary;

    public Money? Monthly => Effect.Monthly;

    public string? Working => Effect.Working;

    public string? Note => Effect.Note;
}

public sealed record PlanLogLine(string? StepId, RunEventType Level, string Message);

/// <summary>A host that plans, and so hears what a real run never comes to.</summary>
internal interface IPlanHost : IWalkHost
{
    void Planned(StepSpec step, PlannedStatus status, string note);
}
