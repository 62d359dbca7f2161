using Portal.Core.Providers;
using Portal.Core.Schema;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// What is asked of every environment, whoever wants it and by whichever way. A new rule is a line in
/// <see cref="All"/>:
/// <code>
/// new("reason-missing", EnvironmentChange.Made, asked =&gt; asked is { Type: "prod", Reason: null or "" }
///     ? [new FieldError("/reason", "Say what it is for: an environment of type prod needs a reason.")] : []),
/// </code>
/// Forms and the API ask before a run is proposed, each step asks in its plan and in its run, and last those ask
/// through whom everything is made (<see cref="EnvironmentRecords.ReserveAsync"/>) or changed
/// (<see cref="Actions.Operations.EnvironmentOperation.PerformAsync"/>): nothing goes round them.
/// </summary>
public sealed class EnvironmentRules(IReadOnlyList<EnvironmentRule> rules)
{
    public static IReadOnlyList<EnvironmentRule> All { get; } =
    [
        new("sample-data", EnvironmentChange.All, Sample),
        new("name-invalid", EnvironmentChange.Made, Name),
        new("type-unknown", EnvironmentChange.Made, Type),
        new("reason-too-long", EnvironmentChange.Made, Reason),
        new("external-id-missing", EnvironmentChange.Adopted, External),
        new("definition-unknown", EnvironmentChange.Created, Definition),
        new("size-unknown", EnvironmentChange.Created, Size),
        new("parameters-invalid", EnvironmentChange.Created, Parameters),
        new("lifetime-invalid", EnvironmentChange.Created | EnvironmentChange.Extended, Lifetime),
    ];

    /// <summary>For forms and the API: every field that is wrong.</summary>
    public Error? WhyNot(IntendedEnvironment asked)
    {
        var fields = Broken(asked).SelectMany(b => b.Fields).ToList();
        return fields.Count == 0
            ? null
            : Error.Invalid("request-invalid", "The request has mistakes.") with { Fields = fields };
    }

    /// <summary>For steps and what they do, whose input has no form of its own: in one sentence for each.</summary>
    public Error? WhyNotInWords(IntendedEnvironment asked)
    {
        var broken = Broken(asked).ToList();
        if (broken.Count == 0) return null;
        var words = broken.SelectMany(b => b.Fields).Select(f => $"{f.Path.TrimStart('/')}: {f.Message}");
        return Error.Invalid(broken[0].Rule.Code, $"Environment {asked.Title}: {string.Join(" ", words)}");
    }

    /// <exception cref="ProviderException">It breaks a rule.</exception>
    public void Demand(IntendedEnvironment asked)
    {
        if (WhyNotInWords(asked) is { } broken) throw new ProviderException(broken);
    }

    private IEnumerable<(EnvironmentRule Rule, IReadOnlyList<FieldError> Fields)> Broken(IntendedEnvironment asked)
    {
        foreach (var rule in rules.Where(r => (r.When & asked.Change) != EnvironmentChange.None))
        {
            if (rule.Wrong(asked).ToList() is { Count: > 0 } fields) yield return (rule, fields);
        }
    }

    private static IEnumerable<FieldError> Sample(IntendedEnvironment asked) => asked.IsSample
        ? [new("/environment", "It is part of the sample organisation and runs nowhere. Choose one that you created.")]
        : [];

    private static IEnumerable<FieldError> Name(IntendedEnvironment asked) =>
        EnvironmentNames.Allows(asked.Name) ? [] : [new("/name", EnvironmentNames.Rule)];

    private static IEnumerable<FieldError> Type(IntendedEnvironment asked) =>
        EnvironmentTypes.All.Contains(asked.Type) ? [] : [ChooseOne("/type", asked.Type, "type", EnvironmentTypes.All)];

    private static IEnumerable<FieldError> Reason(IntendedEnvironment asked) =>
        asked.Reason is { Length: > EnvironmentReasons.Longest } ? [new("/reason", EnvironmentReasons.Rule)] : [];

    private static IEnumerable<FieldError> External(IntendedEnvironment asked) =>
        asked.AdoptedFrom is { Length: > 0 } ? [] : [new("/externalId", "Choose what is to be adopted.")];

    private static IEnumerable<FieldError> Lifetime(IntendedEnvironment asked) =>
        asked.Lifetime is not { } life || EnvironmentLifetimes.Allows(life)
            ? []
            : [new("/lifetime", EnvironmentLifetimes.Rule)];

    private static IEnumerable<FieldError> Definition(IntendedEnvironment asked) =>
        asked.Offered is not { } offered || EnvironmentDefinitions.Find(offered, asked.Definition) is not null
            ? []
            : [ChooseOne("/definition", asked.Definition, "environment definition", offered.Select(d => d.Name))];

    private static IEnumerable<FieldError> Size(IntendedEnvironment asked) =>
        asked.OfferedDefinition is not { } definition || definition.Find(asked.Size) is not null
            ? []
            : [ChooseOne("/size", asked.Size, $"size of {definition.Title}", definition.Sizes.Select(s => s.Name))];

    private static IEnumerable<FieldError> Parameters(IntendedEnvironment asked) =>
        asked.OfferedDefinition is not { } definition
            ? []
            : JsonSchema.Parse(definition.Parameters.DeepClone().AsObject()).Validate(asked.Parameters ?? [])
                .Select(wrong => new FieldError($"/parameters{wrong.FieldPath}", $"{wrong.Message}."));

    private static FieldError ChooseOne(string path, string? given, string what, IEnumerable<string> of) =>
        new(path, $"'{given}' is no {what}. Choose one of {string.Join(", ", of)}.");
}

/// <param name="Code">As errors have it: lower case with dashes.</param>
/// <param name="When">At which changes it is asked.</param>
/// <param name="Wrong">The fields that are wrong, and how to mend each; none where the rule is kept.</param>
public sealed record EnvironmentRule(
    string Code, EnvironmentChange When, Func<IntendedEnvironment, IEnumerable<FieldError>> Wrong);
