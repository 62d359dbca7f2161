using System.Text.Json;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// The kinds of effects by name and version: what a journal that was written long ago is undone with.
/// </summary>
public sealed class EffectRegistry
{
    private readonly Dictionary<(string Kind, int Version), RegisteredEffect> effects = [];

    public EffectRegistry(IEnumerable<RegisteredEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (!this.effects.TryAdd((effect.Kind, effect.Version), effect))
            {
                throw new InvalidOperationException($"Two effects are called {effect.Kind} version {effect.Version}.");
            }
        }
    }

    public RegisteredEffect? Find(string kind, int version) => effects.GetValueOrDefault((kind, version));

    /// <exception cref="Providers.ProviderException">The entry was written by a newer version of the
    /// portal.</exception>
    public RegisteredEffect Of(JournalEntry entry) =>
        Find(entry.Kind, entry.Version) ?? throw new Providers.ProviderException(
            Error.NotFound(
                "effect-unknown",
                $"This version of the portal does not know {entry.Kind} version {entry.Version}; it was recorded by a newer one. Use that version."));
}

/// <summary>An effect without its types: arguments and results as the journal has them.</summary>
public abstract class RegisteredEffect
{
    public abstract string Kind { get; }

    public abstract int Version { get; }

    public abstract TimeSpan Deadline { get; }

    public abstract TimeSpan Settle { get; }

    /// <summary>What the person for whom it is done must be allowed.</summary>
    public abstract IReadOnlyList<NeededRight> Needs(string arguments);

    /// <summary>The result, as JSON, of a call that did not come back; null when it made nothing.</summary>
    public abstract Task<string?> FindAsync(EffectContext context, JournalEntry entry, CancellationToken cancellation);

    public abstract Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, JournalEntry entry, CancellationToken cancellation);

    /// <summary>Takes away what the entry says was made, or, when it is a bare intent, may have been made.</summary>
    public abstract Task UndoAsync(EffectContext context, JournalEntry entry, CancellationToken cancellation);

    public static RegisteredEffect Of<TArgs, TResult>(IEffect<TArgs, TResult> effect)
        where TResult : class => new Typed<TArgs, TResult>(effect);

    private sealed class Typed<TArgs, TResult>(IEffect<TArgs, TResult> effect) : RegisteredEffect where TResult : class
    {
        public override string Kind => effect.Kind;

        public override int Version => effect.Version;

        public override TimeSpan Deadline => effect.Deadline;

        public override TimeSpan Settle => effect.Settle;

        public override IReadOnlyList<NeededRight> Needs(string arguments) => effect.Needs(Args(arguments));

        public override async Task<string?> FindAsync(
            EffectContext context, JournalEntry entry, CancellationToken cancellation) =>
            await effect.FindAsync(context, Args(entry), cancellation) is { } result
                ? JsonSerializer.Serialize(result, Json.Options)
                : null;

        public override Task<UndoPreview> PreviewUndoAsync(
            EffectContext context, JournalEntry entry, CancellationToken cancellation) =>
            effect.PreviewUndoAsync(context, Args(entry), Result(entry), cancellation);

        public override Task UndoAsync(EffectContext context, JournalEntry entry, CancellationToken cancellation) =>
            effect.UndoAsync(context, Args(entry), Result(entry), cancellation);

        private static TArgs Args(JournalEntry entry) => Args(entry.Arguments);

        private static TArgs Args(string json) => JsonSerializer.Deserialize<TArgs>(json, Json.Options)
            ?? throw new InvalidOperationException($"{typeof(TArgs).Name} in the journal is null.");

        private static TResult? Result(JournalEntry entry) =>
            entry.Result is { } json ? JsonSerializer.Deserialize<TResult>(json, Json.Options) : null;
    }
}
