using System.Text.Json.Nodes;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary><c>environment:destroy</c>: the one that cannot be undone.</summary>
public sealed class DestroyOperation(
    ProviderRegistry providers, OperationRecords records, IEnvironmentRecords environments, DestructionGuard guard)
    : EnvironmentOperation(providers, records)
{
    public static readonly OperationName Words = new("Destroy", "destroyed");

    public override OperationName Name => Words;

    internal override EnvironmentChange Change => EnvironmentChange.Ended;

    internal override string Summary => "Destroys an environment with its data and its log. This cannot be undone.";

    internal override JsonObject Input => EndOfTime.With("""
        { "adopted": { "type": "boolean", "title": "Adopted, too", "default": false,
          "description": "Also one that was there before the portal, with all that is in it." } }
        """);

    internal override async Task<Error?> WhyNotAsync(
        PortalEnvironment environment, JsonObject input, CancellationToken cancellation)
    {
        if (environment.AdoptedFrom is not null && !input.Flag("adopted"))
        {
            return EnvironmentErrors.Adopted(environment);
        }
        return await EndOfTime.WhyNotAsync(environment, input, guard, cancellation);
    }

    public override PlannedEffect Describe(OperationArgs args) => base.Describe(args) with
    {
        Monthly = args.Runs ? -args.Monthly : null, Working = "not spent any more",
        Note = args.AdoptedFrom is { } external
            ? $"All that is in {external} at {args.Provider} goes away, also what was there before the portal. "
                + "This cannot be undone."
            : "What runs, its address, its data and its log go away. This cannot be undone.",
    };

    public override JsonObject PlanOutputs(OperationArgs args) => [];

    protected override async Task<OperationResult> ChangeAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        await Host(args).DestroyAsync(args.Environment, cancellation);
        await environments.RecordGoneAsync(args.Environment, context.Actor, cancellation);
        return new OperationResult(args.Environment, OperationResult.PageOf(args.Environment), null, null);
    }

    protected override string Gone(OperationArgs args) =>
        $"The environment {args.Title} is destroyed with its data; that cannot be undone. Ask for a new one.";

    protected override Restore RestoreOf(
        EffectContext context, OperationArgs args, StateBefore before, PortalEnvironment now) =>
        Restore.Not($"The environment {args.Title} is there; what was begun cannot be undone.");
}
