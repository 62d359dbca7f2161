using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

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
/// A registered, versioned kind of change outside the portal. Arguments and results are plain records that survive JSON, so that
/// it can be found and undone after a restart and after an upgrade. Implementations hold no state.
/// </summary>
public interface IEffect<TArgs, TResult>
{
    /// <summary>E.g. <c>repository.create</c>.</summary>
    string Kind { get; }

    int Version { get; }

    EffectClass Class { get; }

    /// <summary>How long <see cref="PerformAsync"/> may take before it is cancelled.</summary>
    TimeSpan Deadline { get; }

    /// <summary>For the review and the journal; touches nothing and needs no credential.</summary>
    PlannedEffect Describe(TArgs args);

    /// <summary>What is known of the result before the run: known properties as they will be, the others <see cref="UnknownValue"/>s.</summary>
    JsonObject PlanOutputs(TArgs args);

    /// <summary>What an earlier, interrupted call of this very effect made; null when it made nothing.</summary>
    Task<TResult?> FindAsync(EffectContext context, TArgs args, CancellationToken cancellation);

    Task<TResult> PerformAsync(EffectContext context, TArgs args, CancellationToken cancellation);

    /// <summary>Takes away what it made; what is gone already is fine.</summary>
    Task UndoAsync(EffectContext context, TArgs args, TResult? result, CancellationToken cancellation);
}

/// <param name="Id">Stable over retries: run id, step, iteration and name. The correlation of triggers.</param>
/// <param name="Mark">The run's id: what created things are marked with.</param>
/// <param name="Actor">Entity reference of the person for whom it is done.</param>
public sealed record EffectContext(string Id, string Mark, string Actor, Action<string> Log);

/// <param name="Verb">"Create", "Start", "Register".</param>
/// <param name="What">"repository", "pipeline run", "environment", "catalog entity".</param>
/// <param name="Name">Of the thing: "team-a/orders".</param>
/// <param name="Provider">The instance that does it.</param>
/// <param name="Monthly">What it costs per month of 730 hours; null when nothing.</param>
/// <param name="Working">How the price is worked out: "small, 0.25 cores, 256 MiB: 0.01 EUR per hour × 730 h (example price sheet)".</param>
public sealed record PlannedEffect(string Verb, string What, string Name, string Provider, Money? Monthly = null, string? Working = null)
{
    public string Summary => $"{Verb} {What} {Name}";

    /// <summary>As the record of it says afterwards.</summary>
    public string Past => $"{Verb}{(Verb.EndsWith('e') ? "d" : "ed")} {What} {Name}";
}
