using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Actions;

/// <param name="Location">Where it was read, e.g. <c>url:http://…/catalog-info.yaml</c>.</param>
/// <param name="Text">The descriptor file.</param>
/// <param name="Creates">
/// Nothing of it was in the catalog when the step began. It stands in the intent, before anything happens: after a
/// crash the look at the catalog could not tell any more, and undoing must leave what an earlier run registered.
/// </param>
public sealed record CatalogRegisterArgs(
    string Provider, RepositoryName Repository, string Location, string Text, Guid RunId, RunProvenance? Provenance,
    bool Creates = true)
{
    /// <summary>Texts of the files that the descriptor includes, by the path that it writes.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>What it changes of entities that are in the catalog already, in words, by their reference.</summary>
    public IReadOnlyDictionary<string, string> Changes { get; init; } = new Dictionary<string, string>();
}

public sealed record CatalogRegistered(string EntityRef, string CatalogInfoUrl);

/// <summary>Takes a descriptor into the catalog; again it changes nothing.</summary>
public sealed class CatalogRegisterEffect(ICatalogWriter catalog) : IEffect<CatalogRegisterArgs, CatalogRegistered>
{
    /// <summary>In one line of the log.</summary>
    private const int MostNamed = 20;

    public string Kind => "catalog.register";

    public int Version => 1;

    public EffectClass Class => EffectClass.Put;

    public TimeSpan Deadline => TimeSpan.FromSeconds(30);

    /// <summary>All that it registers: who agrees to it sees no less than what comes of it.</summary>
    public PlannedEffect Describe(CatalogRegisterArgs args)
    {
        var entities = Entities(args).Select(e => e.ToString()).ToList();
        var shown = entities.Select(e => args.Changes.TryGetValue(e, out var change) ? $"{e} ({change})" : e);
        return new PlannedEffect("Register", "catalog entity", string.Join(", ", shown), args.Provider);
    }

    /// <summary>It is read, with the portal's credentials; what may be registered from it the catalog asks.</summary>
    public IReadOnlyList<NeededRight> Needs(CatalogRegisterArgs args) => [ToRead(args.Provider, args.Repository)];

    internal static NeededRight ToRead(string provider, RepositoryName repository) =>
        new RightOnRepository(provider, repository, Permissions.RepositoryRead);

    /// <summary>All that it registers, and that this person may.</summary>
    public IReadOnlyList<NameClaim> Claims(CatalogRegisterArgs args, Actor actor) =>
    [
        new NameClaim(
            Entities(args)[0].ToString(), NameClaim.Portal,
            token => catalog.LookAsync(RequestOf(args), actor, token)),
    ];

    public JsonObject PlanOutputs(CatalogRegisterArgs args) => new()
    {
        ["entityRef"] = Entities(args)[0].ToString(), ["catalogInfoUrl"] = UrlOf(args),
    };

    public Task<CatalogRegistered?> FindAsync(
        EffectContext context, CatalogRegisterArgs args, CancellationToken cancellation) =>
        Task.FromResult<CatalogRegistered?>(null);

    public async Task<CatalogRegistered> PerformAsync(
        EffectContext context, CatalogRegisterArgs args, CancellationToken cancellation)
    {
        if (!(await catalog.RegisterAsync(RequestOf(args), context.Actor, cancellation)).TryGet(
            out var entities, out var error))
        {
            throw new ProviderException(error);
        }
        context.Log(
            $"Registered {string.Join(", ", entities.Take(MostNamed))}{(entities.Count > MostNamed ? $" and {entities.Count - MostNamed} more" : "")}.");
        return new CatalogRegistered(entities[0].ToString(), UrlOf(args));
    }

    public async Task<string?> BeforeAsync(
        EffectContext context, CatalogRegisterArgs args, CancellationToken cancellation) =>
        args.Creates || await catalog.FindRegistrationAsync(args.Location, cancellation, Of(args)) is not { } before
            ? null : JsonSerializer.Serialize(before, Json.Options);

    public Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, CatalogRegisterArgs args, CatalogRegistered? result, CancellationToken cancellation)
    {
        var entities = Entities(args);
        var entity = string.Join(", ", entities);
        if (entities.Count > 1)
        {
            return Task.FromResult(args.Creates ? UndoPreview.Goes($"The catalog entries {entity} are removed.")
                : context.Before is not null ? UndoPreview.Stays(
                    $"The catalog entries {entity} stay: some were there before this run, and become again what they were.")
                : UndoPreview.Stays($"The catalog entries {entity} stay: some were there before this run."));
        }
        return Task.FromResult(args.Creates ? UndoPreview.Goes($"The catalog entry {entity} is removed.")
            : context.Before is not null ? UndoPreview.Stays(
                $"The catalog entry {entity} stays: it was there before this run, and becomes again what it was.")
            : UndoPreview.Stays($"The catalog entry {entity} stays: it was there before this run."));
    }

    public async Task UndoAsync(
        EffectContext context, CatalogRegisterArgs args, CatalogRegistered? result, CancellationToken cancellation)
    {
        if (args.Creates)
        {
            // Whoever may undo the run may have this taken back, whoever owns it: nothing but the run's own
            // registration goes.
            var removed =
                await catalog.UnregisterAsync(args.Location, context.Actor.ByPortal(), cancellation, args.RunId,
                Of(args));
            if (removed.Error is { } error) throw new ProviderException(error);
            return;
        }
        context.Log($"{Entities(args)[0]} stays in the catalog: it was there before this run.");
        if (context.Before is not { } json) return;
        var before = JsonSerializer.Deserialize<RegisterDescriptor>(json, Json.Options)!;
        if ((await catalog.RegisterAsync(before, context.Actor.ByPortal(), cancellation)).Error is { } refused)
        {
            throw new ProviderException(refused);
        }
    }

    internal static IReadOnlyList<EntityRef> Entities(CatalogRegisterArgs args) =>
        [.. Descriptors(args).Select(d => d.Ref)];

    internal static IReadOnlyList<Descriptor> Descriptors(CatalogRegisterArgs args) =>
        Descriptor.ParseAll(args.Text, "catalog-info.yaml").TryGet(out var entities, out var error)
            ? entities
            : throw ActionFailedException.Wrong($"The descriptor cannot be registered: {error.Message}");

    private static RegisterDescriptor RequestOf(CatalogRegisterArgs args) => new(
        args.Text, args.Location, args.Provider, args.Repository.ToString(), args.RunId, args.Provenance)
    {
        Files = args.Files,
    };

    private static NamedRepository Of(CatalogRegisterArgs args) => new(args.Provider, args.Repository.ToString());

    private static string UrlOf(CatalogRegisterArgs args) => args.Location["url:".Length..];
}
