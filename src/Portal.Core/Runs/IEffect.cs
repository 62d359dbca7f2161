using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>How an effect is kept from happening twice.</summary>
public enum EffectClass
{
    /// <summary>Makes a new thing, marked with the run's id in the creating call; found by the mark.</summary>
    Create,
    /// <summary>Idempotent: just done again.</summary>
    Put,
    /// <summary>Starts something; the effect's id is the provider's idempotency key or correlation.</summary>
    Trigger,
}

/// <summary>
/// A registered, versioned kind of change outside the portal. Arguments and results are plain records that survive
/// JSON, so that it can be found and undone after a restart and after an upgrade. Implementations hold no state.
/// </summary>
public interface IEffect<TArgs, TResult>
{
    /// <summary>E.g. <c>repository.create</c>.</summary>
    string Kind { get; }

    int Version { get; }

    EffectClass Class { get; }

    /// <summary>How long <see cref="PerformAsync"/> may take before it is cancelled.</summary>
    TimeSpan Deadline { get; }

    /// <summary>
    /// How long the other side may still be at a call whose caller has died; a successor looks for its result only
    /// then.
    /// </summary>
    TimeSpan Settle => TimeSpan.FromSeconds(1);

    /// <summary>For the review and the journal; touches nothing and needs no credential.</summary>
    PlannedEffect Describe(TArgs args);

    /// <summary>
    /// What the person must be allowed for whom it is done. None only for what makes a new thing: it is the run's own.
    /// </summary>
    IReadOnlyList<NeededRight> Needs(TArgs args);

    /// <summary>
    /// The names that it takes for what it makes: a run is not begun before all of its names are free. None for what
    /// makes nothing that has a name.
    /// </summary>
    /// <param name="actor">For whom it would be done.</param>
    IReadOnlyList<NameClaim> Claims(TArgs args, Actor actor) => [];

    /// <summary>
    /// What is known of the result before the run: known properties as they will be, the others
    /// <see cref="UnknownValue"/>s.
    /// </summary>
    JsonObject PlanOutputs(TArgs args);

    /// <summary>What an earlier, interrupted call of this very effect made; null when it made nothing.</summary>
    Task<TResult?> FindAsync(EffectContext context, TArgs args, CancellationToken cancellation);

    Task<TResult> PerformAsync(EffectContext context, TArgs args, CancellationToken cancellation);

    /// <summary>
    /// What is there before, as JSON, when the effect changes something that exists; null when it makes something new.
    /// It stands in the intent, and undoing gets it back as <see cref="EffectContext.Before"/>.
    /// </summary>
    Task<string?> BeforeAsync(EffectContext context, TArgs args, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    /// <summary>Whether undoing would take something away, and what, in one sentence. Touches nothing.</summary>
    Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, TArgs args, TResult? result, CancellationToken cancellation)
    {
        var thing = Describe(args);
        return Task.FromResult(UndoPreview.Goes($"The {thing.What} {thing.Name} is removed."));
    }

    /// <summary>Takes away what it made, or brings back what was there before; what is gone already is fine.</summary>
    Task UndoAsync(EffectContext context, TArgs args, TResult? result, CancellationToken cancellation);
}

/// <param name="Id">Stable over retries: run id, step, iteration and name. The correlation of triggers.</param>
/// <param name="Mark">The run's id: what created things are marked with.</param>
/// <param name="Actor">The person for whom it is done.</param>
/// <param name="Before">What <see cref="IEffect{TArgs,TResult}.BeforeAsync"/> returned; only for undoing.</param>
public sealed record EffectContext(string Id, string Mark, Actor Actor, Action<string> Log, string? Before = null)
{
    internal static string IdOf(Guid run, string step, int iteration, string name) =>
        $"{run:N}-{step}-{iteration}-{name}";

    internal static EffectContext Of(JournalEntry entry, Actor actor, Action<string> log) =>
        new(
            IdOf(entry.RunId, entry.StepId, entry.Iteration, entry.Name), entry.RunId.ToString(), actor, log,
            entry.Before);
}

/// <param name="IsRemoved">False: it stays, because this run did not make it or it is gone already.</param>
/// <param name="Sentence">What goes, comes back or stays, and why.</param>
public sealed record UndoPreview(bool IsRemoved, string Sentence)
{
    public static UndoPreview Goes(string sentence) => new(true, sentence);

    public static UndoPreview Stays(string sentence) => new(false, sentence);
}

/// <param name="Verb">"Create", "Start", "Register".</param>
/// <param name="What">"repository", "pipeline run", "environment", "catalog entity".</param>
/// <param name="Name">Of the thing: "team-a/orders".</param>
/// <param name="Provider">The instance that does it.</param>
/// <param name="Monthly">What it costs per month of 730 hours, below zero what it saves; null when nothing.</param>
/// <param name="Working">
/// How the price is worked out: "small, 0.25 cores, 256 MiB: 0.01 EUR per hour × 730 h (example price sheet)".
/// </param>
/// <param name="Note">What one has to know before: what goes away, what cannot be undone; null when nothing.</param>
public sealed record PlannedEffect(
    string Verb, string What, string Name, string Provider, Money? Monthly = null, string? Working = null,
    string? Note = null)
{
    public string Summary => $"{Verb} {What} {Name}";

    /// <summary>As the record of it says afterwards.</summary>
    public string Past => $"{PastVerb} {What} {Name}";

    private string PastVerb => Verb switch
    {
        "Stop" => "Stopped",
        [.., 'e'] => $"{Verb}d",
        _ => $"{Verb}ed",
    };
}
