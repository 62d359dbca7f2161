using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Catalog.Actions;
using Portal.Core.Data.Clocks;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions;

/// <param name="PipelineRun">
/// Whose artifact it runs; null = the newest version, see <see cref="NewestVersion"/>.
/// </param>
/// <param name="Definition">Null = the provider's first.</param>
/// <param name="CreatedBy">Display name of the person.</param>
public sealed record EnvironmentCreateArgs(
    string Provider, string RepositoryProvider, string Id, string Name, string Type, string Size,
    RepositoryName Repository, string Component,
    string? PipelineRun, TimeSpan? Lifetime, string? Reason, bool FollowsDefaultBranch, string CreatedBy, Guid RunId,
    string? Definition = null,
    JsonObject? Parameters = null);

public sealed record EnvironmentCreated(string Environment, string EnvironmentUrl, string? Url, string? Commit);

/// <summary>Makes an environment, waits until it is healthy, and keeps it in the portal's records.</summary>
public sealed class EnvironmentCreateEffect(
    ProviderRegistry providers, IEnvironmentRecords records, EnvironmentOwners owners, EnvironmentVersions versions,
    NewestVersion newest,
    IClocks clocks)
    : IEffect<EnvironmentCreateArgs, EnvironmentCreated>
{
    public string Kind => "environment.create";

    public int Version => 1;

    public EffectClass Class => EffectClass.Create;

    /// <summary>A cloud may take most of an hour for a database; hosts keep limits of their own below it.</summary>
    public TimeSpan Deadline => TimeSpan.FromMinutes(65);

    public PlannedEffect Describe(EnvironmentCreateArgs args)
    {
        var size = SizeOf(args);
        return new PlannedEffect(
            "Create", "environment", $"{args.Name} of {args.Repository.Name}", args.Provider,
            size.PricePerHour.PerMonth(), size.Working);
    }

    public IReadOnlyList<NeededRight> Needs(EnvironmentCreateArgs args) =>
    [
        new RightOnEntity(EntityRef.Parse(args.Component), Permissions.EnvironmentChange),
        new RightOnRepository(args.RepositoryProvider, args.Repository, Permissions.EnvironmentChange),
    ];

    public IReadOnlyList<NameClaim> Claims(EnvironmentCreateArgs args, Actor actor) =>
        [EnvironmentNames.Claim(records, EntityRef.Parse(args.Component), args.Name)];

    public JsonObject PlanOutputs(EnvironmentCreateArgs args) => new()
    {
        ["environment"] = UnknownValue.Of("the environment"),
        ["environmentUrl"] = UnknownValue.Of("the environment's page"),
        ["url"] = UnknownValue.Of("the environment's address"), ["commit"] = UnknownValue.Of("commit"),
    };

    public async Task<EnvironmentCreated?> FindAsync(
        EffectContext context, EnvironmentCreateArgs args, CancellationToken cancellation)
    {
        // The mark is of this effect, not of the run: a run may make several.
        return await Host(args).FindByMarkAsync(context.Id, cancellation) is { Status: EnvironmentStatus.Running } found
            ? await RecordAsync(context, args, found, cancellation)
            : null;
    }

    public async Task<EnvironmentCreated> PerformAsync(
        EffectContext context, EnvironmentCreateArgs args, CancellationToken cancellation)
    {
        var version = EnvironmentDefinitions.Get(Host(args), args.Definition)
            .RunsVersion ? await VersionAsync(args, cancellation) : null;
        var request = new CreateEnvironment(
            args.Id, args.Name, args.Type, args.Repository, version, args.Size, context.Id,
            await LabelsAsync(context, args, cancellation), args.Definition, args.Parameters)
        {
            Progress = new LogProgress(context.Log),
        };
        if ((await records.ReserveAsync(await NewAsync(context, args, cancellation), cancellation)).Error is { } taken)
        {
            throw new ProviderException(taken);
        }
        var made = await CreateAsync(request, args, cancellation);
        context.Log($"Environment {args.Name} runs{(made.Url is null ? "." : $" at {made.Url}")}");
        return await RecordAsync(context, args, made, cancellation);
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, EnvironmentCreateArgs args, EnvironmentCreated? result,
        CancellationToken cancellation) =>
        await Host(args).FindAsync(args.Id, cancellation) is null
            ? UndoPreview.Stays($"The environment {args.Name} of {args.Repository.Name} is gone already.")
            : UndoPreview.Goes($"The environment {args.Name} of {args.Repository.Name} is destroyed with its data.");

    public async Task UndoAsync(
        EffectContext context, EnvironmentCreateArgs args, EnvironmentCreated? result, CancellationToken cancellation)
    {
        await Host(args).DestroyAsync(args.Id, cancellation);
        await records.RecordGoneAsync(args.Id, context.Actor, cancellation);
    }

    /// <summary>
    /// What the host refused, and does not have, gives its name free; whatever else happened, the row stays and says
    /// so.
    /// </summary>
    private async Task<EnvironmentInfo> CreateAsync(
        CreateEnvironment request, EnvironmentCreateArgs args, CancellationToken cancellation)
    {
        try
        {
            return await Host(args).CreateAsync(request, cancellation);
        }
        catch (ProviderException refused) when (refused is { MayHaveHappened: false, IsTransient: false })
        {
            if (await Host(args).FindAsync(args.Id, cancellation) is null)
            {
                await records.ForgetReservationAsync(args.Id, cancellation);
            }
            throw;
        }
    }

    private async Task<EnvironmentCreated> RecordAsync(
        EffectContext context, EnvironmentCreateArgs args, EnvironmentInfo info, CancellationToken cancellation)
    {
        await records.RecordCreatedAsync(await NewAsync(context, args, cancellation), info, cancellation);
        return new EnvironmentCreated(args.Id, $"/environments/{args.Id}", info.Url, info.Commit);
    }

    private async Task<NewEnvironment> NewAsync(
        EffectContext context, EnvironmentCreateArgs args, CancellationToken cancellation)
    {
        var component = EntityRef.Parse(args.Component);
        return new NewEnvironment(
            args.Id, args.Name, component, await OwnerAsync(context, args, component, cancellation), args.Type,
            SizeOf(args), args.Provider, args.Repository,
            args.FollowsDefaultBranch, args.Reason, context.Actor with { DisplayName = args.CreatedBy }, args.RunId,
            args.Lifetime, args.Definition, args.RepositoryProvider);
    }

    private Task<EntityRef> OwnerAsync(
        EffectContext context, EnvironmentCreateArgs args, EntityRef component, CancellationToken cancellation) =>
        owners.OfAsync(component, args.RepositoryProvider, args.Repository, context.Actor.Ref, cancellation);

    private async Task<EnvironmentVersion> VersionAsync(EnvironmentCreateArgs args, CancellationToken cancellation)
    {
        var id = args.PipelineRun
            ?? (await newest.AskAsync(args.RepositoryProvider, args.Repository, cancellation))?.Id
            ?? throw new ProviderException(EnvironmentErrors.NoPassedPipeline(args.Repository.ToString()));
        return await versions.OfAsync(args.RepositoryProvider, args.Repository, id, cancellation);
    }

    private async Task<Dictionary<string, string>> LabelsAsync(
        EffectContext context, EnvironmentCreateArgs args, CancellationToken cancellation)
    {
        var component = EntityRef.Parse(args.Component);
        var end = args.Lifetime is { } lifetime
            ? await clocks.DatabaseAsync(cancellation) + lifetime
            : (DateTimeOffset?)null;
        return EnvironmentLabels.Of(
            component, args.Name, args.RunId, await OwnerAsync(context, args, component, cancellation), end);
    }

    private EnvironmentSize SizeOf(EnvironmentCreateArgs args) =>
        EnvironmentDefinitions.Get(Host(args), args.Definition).Get(args.Size);

    private IEnvironmentHost Host(EnvironmentCreateArgs args) => providers.Get<IEnvironmentHost>(args.Provider);
}

/// <summary>Told lines go straight to the run's log, in their order.</summary>
internal sealed class LogProgress(Action<string> log) : IProgress<string>
{
    public void Report(string value) => log(value);
}
