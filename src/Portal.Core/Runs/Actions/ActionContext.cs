using System.Text.Json.Nodes;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Actions;

/// <summary>
/// What an action is given: its rendered input, the run's workspace, and the one way to change the outside.
/// </summary>
public abstract class ActionContext
{
    /// <summary>
    /// Rendered and checked against the action's schema. In a plan, parts may be <see cref="UnknownValue"/>s.
    /// </summary>
    public required JsonObject Input { get; init; }

    public required Workspace Workspace { get; init; }

    /// <summary>
    /// The pinned folder of the template, and the path in it that relative URLs start from (where template.yaml lies).
    /// </summary>
    public required FileTree Template { get; init; }

    public required Guid RunId { get; init; }

    public required Actor Actor { get; init; }

    /// <summary>
    /// Key of the template and its provenance, to be kept by what is made; null for an environment operation.
    /// </summary>
    public required RunProvenance? Provenance { get; init; }

    public required bool IsPlan { get; init; }

    /// <summary>For actions that render texts of their own. Null where what they render is shown to nobody.</summary>
    public RunSecrets? Secrets { get; init; }

    public JsonObject Outputs { get; } = [];

    public abstract void Log(string message, RunEventType level = RunEventType.Log);

    /// <summary>
    /// Applies an effect through the journal: at most once, whatever crashes. <paramref name="name"/> is unique within
    /// the step. In a plan nothing happens, <see cref="Applied{T}.Result"/> is null and the outputs are the planned
    /// ones.
    /// </summary>
    public abstract Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, string name, TArgs args, CancellationToken cancellation)
        where TResult : class;

    /// <summary>
    /// Asked before an action reads, with the portal's rights, what is not its run's own; what it changes asks by
    /// itself.
    /// </summary>
    /// <exception cref="ActionFailedException">The person for whom it is read may not.</exception>
    public abstract Task DemandAsync(IEnumerable<NeededRight> needs, CancellationToken cancellation);

    /// <summary>
    /// The answer to a wait, if it is there. If not, this does not return: the run waits, holding no worker, and the
    /// action is called anew once it is answered. Null in a plan.
    /// </summary>
    public abstract Task<RunSignal?> AwaitAsync(WaitRequest request, CancellationToken cancellation);
}

/// <param name="Name">Unique within the step.</param>
/// <param name="Title">What is asked or waited for, in one sentence.</param>
/// <param name="Approvers">Entity references of users and groups that may answer an approval.</param>
/// <param name="Event">The name under which an event is told.</param>
/// <param name="Until">When the run goes on at the latest; null = no limit.</param>
/// <param name="Within">The same as a span, from when the run begins to wait.</param>
public sealed record WaitRequest(
    string Name, WaitKind Kind, string Title, IReadOnlyList<string> Approvers, string? Event = null,
    DateTimeOffset? Until = null, TimeSpan? Within = null);

/// <param name="Result">Null in a plan.</param>
/// <param name="Outputs">The result as JSON, or what the plan knows of it.</param>
/// <param name="FromEarlier">An earlier attempt of the run did it; nothing happened now.</param>
public sealed record Applied<TResult>(TResult? Result, JsonObject Outputs, bool FromEarlier = false)
    where TResult : class;

/// <param name="Source">Where the template came from, e.g. <c>file:templates/golden-paths/dotnet-web-api</c>.</param>
/// <param name="Commit">Of the template's source when it is a Git work tree; null otherwise.</param>
/// <param name="Inputs">The form's values, no secrets.</param>
public sealed record RunProvenance(string Template, string Source, string? Commit, string TreeHash, JsonObject Inputs);
