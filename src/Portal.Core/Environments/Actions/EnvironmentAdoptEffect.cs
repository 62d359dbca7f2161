using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Catalog.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions;

/// <param name="Id">The portal's new id of it.</param>
/// <param name="ExternalId">The provider's id.</param>
/// <param name="CreatedBy">Display name of the person.</param>
public sealed record EnvironmentAdoptArgs(
    string Provider, string RepositoryProvider, string Id, string ExternalId, string Name, string Type,
    RepositoryName Repository, string Component,
    string? Reason, string CreatedBy, Guid RunId);

public sealed record EnvironmentAdopted(string Environment, string EnvironmentUrl, string? Url);

/// <summary>
/// Marks what is there as the portal's and keeps it in the records. Undoing gives it back as it was: it goes on
/// running, without the portal.
/// </summary>
public sealed class EnvironmentAdoptEffect(
    ProviderRegistry providers, IEnvironmentRecords records, EnvironmentOwners owners)
    : IEffect<EnvironmentAdoptArgs, EnvironmentAdopted>
{
    internal const string KindName = "environment.adopt";

    /// <summary>Beside the price of what is adopted: the portal has none for it.</summary>
    internal const string Working = "billed by the provider";

    public string Kind => KindName;

    public int Version => 1;

    public EffectClass Class => EffectClass.Put;

    public TimeSpan Deadline => TimeSpan.FromMinutes(2);

    public PlannedEffect Describe(EnvironmentAdoptArgs args) =>
        new(
            "Adopt", "environment", $"{args.Name} of {args.Repository.Name}", args.Provider, Money.Zero(Currency(args)),
            Working);

    /// <summary>It belongs to nobody yet.</summary>
    public IReadOnlyList<NeededRight> Needs(EnvironmentAdoptArgs args) =>
        [new RightEverywhere(Permissions.EnvironmentChange)];

    public IReadOnlyList<NameClaim> Claims(EnvironmentAdoptArgs args, Actor actor) =>
        [EnvironmentNames.Claim(records, EntityRef.Parse(args.Component), args.Name)];

    public JsonObject PlanOutputs(EnvironmentAdoptArgs args) => new()
    {
        ["environment"] = UnknownValue.Of("the environment"),
        ["environmentUrl"] = UnknownValue.Of("the environment's page"),
        ["url"] = UnknownValue.Of("the environment's address"),
    };

    public Task<EnvironmentAdopted?> FindAsync(
        EffectContext context, EnvironmentAdoptArgs args, CancellationToken cancellation) =>
        Task.FromResult<EnvironmentAdopted?>(null);

    /// <summary>A text of the provider's own, as a JSON string.</summary>
    public async Task<string?> BeforeAsync(
        EffectContext context, EnvironmentAdoptArgs args, CancellationToken cancellation) =>
        JsonSerializer.Serialize(await Adoption(args).StateAsync(args.ExternalId, cancellation), Json.Options);

    public async Task<EnvironmentAdopted> PerformAsync(
        EffectContext context, EnvironmentAdoptArgs args, CancellationToken cancellation)
    {
        var component = EntityRef.Parse(args.Component);
        var owner = await owners.OfAsync(
            component, args.RepositoryProvider, args.Repository, context.Actor.Ref, cancellation);
        var labels = EnvironmentLabels.Of(component, args.Name, args.RunId, owner, null);
        var environment = new NewEnvironment(
            args.Id, args.Name, component, owner, args.Type,
            new EnvironmentSize("adopted", 0, 0, Money.Zero(Currency(args)), Working), args.Provider, args.Repository,
            FollowsDefaultBranch: false, args.Reason, context.Actor with { DisplayName = args.CreatedBy }, args.RunId,
            Lifetime: null, Definition: null,
            args.RepositoryProvider, args.ExternalId);
        if ((await records.ReserveAsync(environment, cancellation)).Error is { } taken)
        {
            throw new ProviderException(taken);
        }
        var info = await AdoptAsync(
            new AdoptEnvironment(args.Id, args.ExternalId, args.Name, args.Type, args.Repository, context.Id, labels),
            args, cancellation);
        await records.RecordCreatedAsync(environment, info, cancellation);
        context.Log($"Adopted {args.ExternalId} as environment {args.Name}. Nothing in it was made anew.");
        return new EnvironmentAdopted(args.Id, $"/environments/{args.Id}", info.Url);
    }

    private async Task<EnvironmentInfo> AdoptAsync(
        AdoptEnvironment request, EnvironmentAdoptArgs args, CancellationToken cancellation)
    {
        try
        {
            return await Adoption(args).AdoptAsync(request, cancellation);
        }
        catch (ProviderException refused) when (refused is { MayHaveHappened: false, IsTransient: false })
        {
            if (!await IsOursAsync(args, cancellation)) await records.ForgetReservationAsync(args.Id, cancellation);
            throw;
        }
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, EnvironmentAdoptArgs args, EnvironmentAdopted? result, CancellationToken cancellation) =>
        await IsOursAsync(args, cancellation)
            ? UndoPreview.Stays(
                $"The environment {args.Name} of {args.Repository.Name} goes on running; only the portal's marks on it "
                + "go, and it leaves the portal.")
            : UndoPreview.Stays($"The environment {args.Name} of {args.Repository.Name} is not the portal's any more.");

    public async Task UndoAsync(
        EffectContext context, EnvironmentAdoptArgs args, EnvironmentAdopted? result, CancellationToken cancellation)
    {
        // What was refused because it is another's must not lose that one's marks.
        if (context.Before is { } before && await IsOursAsync(args, cancellation))
        {
            await Adoption(args).ReleaseAsync(args.ExternalId, StateOf(before), cancellation);
        }
        await records.RecordReleasedAsync(args.Id, context.Actor, cancellation);
    }

    /// <summary>The provider's text out of what <see cref="BeforeAsync"/> gave.</summary>
    internal static string StateOf(string before) => JsonSerializer.Deserialize<string>(before, Json.Options)!;

    /// <summary>The portal's id of what an entry of the journal adopted.</summary>
    internal static string IdOf(JournalEntry entry) =>
        JsonSerializer.Deserialize<EnvironmentAdoptArgs>(entry.Arguments, Json.Options)!.Id;

    private async Task<bool> IsOursAsync(EnvironmentAdoptArgs args, CancellationToken cancellation) =>
        await providers.Get<IEnvironmentHost>(args.Provider).FindAsync(args.Id, cancellation) is not null;

    private string Currency(EnvironmentAdoptArgs args) =>
        providers.Find<IEnvironmentHost>(args.Provider)?.Definitions[0].Sizes[0].PricePerHour.Currency ?? "EUR";

    private IEnvironmentAdoption Adoption(EnvironmentAdoptArgs args) =>
        providers.Get<IEnvironmentAdoption>(args.Provider);
}
