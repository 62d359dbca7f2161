using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>
/// <c>environment:release</c>: gives an adopted environment back as it was. The portal's marks go, everything else goes
/// on.
/// </summary>
public sealed class ReleaseOperation(
    ProviderRegistry providers, OperationRecords records, IEnvironmentRecords environments,
    IDbContextFactory<PortalDbContext> database, DestructionGuard guard) : EnvironmentOperation(providers, records)
{
    public static readonly OperationName Words = new("Release", "released");

    public override OperationName Name => Words;

    internal override EnvironmentChange Change => EnvironmentChange.Ended;

    internal override string Summary =>
        "Gives back an environment that was adopted: it goes on running as it was before, without the portal.";

    internal override JsonObject Input => EndOfTime.With("{}");

    internal override async Task<Error?> WhyNotAsync(
        PortalEnvironment environment, JsonObject input, CancellationToken cancellation)
    {
        if (environment.AdoptedFrom is null) return EnvironmentErrors.NotAdopted(environment);
        if (await StateAsync(environment.RunId, environment.Id, cancellation) is null)
        {
            return EnvironmentErrors.NoStateBefore(environment);
        }
        return await EndOfTime.WhyNotAsync(environment, input, guard, cancellation);
    }

    public override PlannedEffect Describe(OperationArgs args) => base.Describe(args) with
    {
        Note =
            $"It goes on running at {args.Provider} as it is. The portal's tags on {args.AdoptedFrom} go away, and it "
                + "leaves the portal.",
    };

    public override JsonObject PlanOutputs(OperationArgs args) => [];

    protected override async Task<OperationResult> ChangeAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        var state = await StateAsync(args.MadeBy, args.Environment, cancellation)
            ?? throw ProviderException.Conflict(
                "environment-state-unknown", $"How {args.Title} was before is not on record any more.");
        await Providers.Get<IEnvironmentAdoption>(args.Provider).ReleaseAsync(args.AdoptedFrom!, state, cancellation);
        await environments.RecordReleasedAsync(args.Environment, context.Actor, cancellation);
        return new OperationResult(args.Environment, OperationResult.PageOf(args.Environment), null, null);
    }

    protected override string Gone(OperationArgs args) =>
        $"The environment {args.Title} goes on running without the portal. Adopt it again to have it back.";

    protected override Restore RestoreOf(
        EffectContext context, OperationArgs args, StateBefore before, PortalEnvironment now) =>
        Restore.Not($"The environment {args.Title} is the portal's still.");

    /// <summary>As the run that adopted it wrote it down; null when that is not there any more.</summary>
    private async Task<string?> StateAsync(Guid run, string id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var adopted = await db.Set<JournalEntry>().AsNoTracking()
            .Where(j => j.RunId == run && j.Kind == EnvironmentAdoptEffect.KindName && j.Before != null)
            .ToListAsync(cancellation);
        return adopted.Find(j => EnvironmentAdoptEffect.IdOf(j) == id)?.Before is { } before
            ? EnvironmentAdoptEffect.StateOf(before)
            : null;
    }
}
