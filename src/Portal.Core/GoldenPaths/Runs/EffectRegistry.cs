using System.Text.Json;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

/// <summary>The kinds of effects by name and version: what a journal that was written long ago is undone with.</summary>
public sealed class EffectRegistry
{
    private readonly Dictionary<(string Kind, int Version), RegisteredEffect> effects = [];

    public EffectRegistry(IEnumerable<RegisteredEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (!this.effects.TryAdd((effect.Kind, effect.Version), effect))
                throw new InvalidOperationException($"Two effects are called {effect.Kind} version {effect.Version}.");
        }
    }

    public RegisteredEffect? Find(string kind, int version) => effects.GetValueOrDefault((kind, version));

    /// <summary>Takes away what the entry says was made, or may have been made.</summary>
    public Task UndoAsync(JournalEntry entry, EffectContext context, CancellationToken cancellation) =>
        UndoAsync(entry.Kind, entry.Version, entry.Arguments, entry.Result, context, cancellation);

    /// <param name="argsJson">As the journal has them.</param>
    /// <param name="resultJson">Null when the call was begun and nobody knows how it ended.</param>
    public Task UndoAsync(string kind, int version, string argsJson, string? resultJson, EffectContext context, CancellationToken cancellation) =>
        Get(kind, version).UndoAsync(context, argsJson, resultJson, cancellation);

    /// <summary>The result, as JSON, of an earlier call that did not come back; null when it made nothing.</summary>
    public Task<string?> FindAsync(string kind, int version, string argsJson, EffectContext context, CancellationToken cancellation) =>
        Get(kind, version).FindAsync(context, argsJson, cancellation);

    private RegisteredEffect Get(string kind, int version) => Find(kind, version) ?? throw new Providers.ProviderException(
        Error.NotFound("effect-unknown", $"This version of the portal does not know {kind} version {version}; it was recorded by a newer one. Use that version."));
}

/// <summary>An effect without its types.</summary>
public abstract class RegisteredEffect
{
    public abstract string Kind { get; }

    public abstract int Version { get; }

    public abstract Task UndoAsync(EffectContext context, string argsJson, string? resultJson, CancellationToken cancellation);

    public abstract Task<string?> FindAsync(EffectContext context, string argsJson, CancellationToken cancellation);

    public static RegisteredEffect Of<TArgs, TResult>(IEffect<TArgs, TResult> effect) where TResult : class => new Typed<TArgs, TResult>(effect);

    private sealed class Typed<TArgs, TResult>(IEffect<TArgs, TResult> effect) : RegisteredEffect where TResult : class
    {
        public override string Kind => effect.Kind;

        public override int Version => effect.Version;

        public override Task UndoAsync(EffectContext context, string argsJson, string? resultJson, CancellationToken cancellation) => effect.UndoAsync(
            context, Args(argsJson), resultJson is null ? null : JsonSerializer.Deserialize<TResult>(resultJson, Json.Options), cancellation);

        public override async Task<string?> FindAsync(EffectContext context, string argsJson, CancellationToken cancellation) =>
            await effect.FindAsync(context, Args(argsJson), cancellation) is { } result ? JsonSerializer.Serialize(result, Json.Options) : null;

        private static TArgs Args(string json) => JsonSerializer.Deserialize<TArgs>(json, Json.Options)
            ?? throw new InvalidOperationException($"{typeof(TArgs).Name} in the journal is null.");
    }
}
