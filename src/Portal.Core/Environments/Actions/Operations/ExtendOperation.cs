using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary><c>environment:extend</c>: moves the end. It changes nothing at the host.</summary>
public sealed class ExtendOperation(
    ProviderRegistry providers, OperationRecords records, IClocks clocks, TimeProvider time)
    : EnvironmentOperation(providers, records)
{
    /// <summary>The input that has to be given where the end is to come sooner than it would.</summary>
    public const string Sooner = "sooner";

    public static readonly OperationName Words = new("Extend", "extended");

    public override OperationName Name => Words;

    internal override EnvironmentChange Change => EnvironmentChange.Extended;

    internal override bool AsksHost => false;

    internal override string Summary => "Moves the end of an environment to so long from now, or takes its end away.";

    internal override JsonObject Input => ActionSchema.Parse("""
        { "lifetime": { "type": "string", "minLength": 1, "title": "Lifetime",
          "description": "From now on: 7d, 12h, or ISO 8601 such as P7D; no end unless given." },
          "sooner": { "type": "boolean", "title": "Also sooner", "default": false,
          "description": "Also to an end that is sooner than what it has, or where it has none." } }
        """);

    internal override IReadOnlyList<string> Example => ["lifetime: 7d"];

    internal override OperationArgs ArgsOf(PortalEnvironment environment, JsonObject input) =>
        base.ArgsOf(environment, input) with
        {
            Lifetime = EnvironmentLifetimes.Parse(input.Text("lifetime")), Sooner = input.Flag(Sooner),
        };

    internal override async Task<Error?> WhyNotAsync(
        PortalEnvironment environment, JsonObject input, CancellationToken cancellation) =>
        !input.Flag(Sooner) && EnvironmentLifetimes.Parse(input.Text("lifetime")) is { } lifetime
            && IsSooner(await clocks.DatabaseAsync(cancellation) + lifetime, environment.ExpiresAt)
            ? EnvironmentErrors.EndsLater(environment)
            : null;

    public override PlannedEffect Describe(OperationArgs args) => base.Describe(args) with
    {
        Note = args.Lifetime is { } lifetime
            ? $"It is {(args.AdoptedFrom is null ? "destroyed" : "given back")} {Length(lifetime)} after this is done."
            : "It has no end any more.",
    };

    protected override async Task<OperationResult> ChangeAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        var end = args.Lifetime is { } lifetime
            ? await clocks.DatabaseAsync(cancellation) + lifetime
            : (DateTimeOffset?)null;
        return OperationResult.Of(await EndAsync(context, args, end, cancellation, mayBeSooner: args.Sooner));
    }

    protected override Restore RestoreOf(
        EffectContext context, OperationArgs args, StateBefore before, PortalEnvironment now)
    {
        if (before.EndsAt == now.ExpiresAt)
        {
            return Restore.Not($"The environment {args.Title} has the same end as before.");
        }
        if (before.EndsAt <= time.GetUtcNow())
        {
            return Restore.Not(
                $"The environment {args.Title} keeps its end: with that from before it would be gone at once.");
        }
        return new Restore(
            $"The environment {args.Title} gets its end from before again: {Until(before.EndsAt)}.",
            cancellation => EndAsync(context, args, before.EndsAt, cancellation));
    }

    private Task<PortalEnvironment> EndAsync(
        EffectContext context, OperationArgs args, DateTimeOffset? end, CancellationToken cancellation,
        bool mayBeSooner = true) => Records.ChangeAsync(
        context, args.Environment,
        (_, row) =>
        {
            // Somebody may have moved it further meanwhile.
            if (mayBeSooner || !IsSooner(end, row.ExpiresAt)) row.EndAt(end);
            return Task.FromResult(AuditWords.Of(row, Words.Past, $" {Until(row.ExpiresAt)}"));
        },
        cancellation);

    private static bool IsSooner(DateTimeOffset? end, DateTimeOffset? than) =>
        end is { } wanted && (than is not { } now || wanted < now);

    private static string Until(DateTimeOffset? end) =>
        end is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"until {at:yyyy-MM-dd HH:mm} UTC")
            : "without an end";

    private static string Length(TimeSpan lifetime)
    {
        var (count, unit) = lifetime >= TimeSpan.FromDays(1) ? (lifetime.TotalDays, "days")
            : lifetime >= TimeSpan.FromHours(1) ? (lifetime.TotalHours, "hours") : (lifetime.TotalMinutes, "minutes");
        return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {unit}");
    }
}
