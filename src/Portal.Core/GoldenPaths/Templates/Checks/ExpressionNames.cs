using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Templating;

namespace Portal.Core.GoldenPaths.Templates.Checks;

internal sealed record NameProblem(string Message, string Fix, FindingLevel Level = FindingLevel.Error);

/// <summary>What an expression at one place of a manifest can name.</summary>
/// <param name="Step">Index of the step that the expression belongs to; the number of steps for the output.</param>
/// <param name="InEach">It is rendered once for each item.</param>
/// <param name="InInput">It is part of an input: only there secrets can be read.</param>
internal sealed record ExpressionNames(
    TemplateManifest Manifest, ActionRegistry Actions, StepEnvironmentOptions Options, int Step, bool InEach,
    bool InInput)
{
    private static readonly string[] Functions = ["range", "cycler", "joiner"];
    private static readonly string[] Roots = ["parameters", "steps", "user", "context", "environment"];

    /// <summary>Null when all is well.</summary>
    public NameProblem? Check(VariableReference reference) => reference.Root switch
    {
        "parameters" => CheckParameter(reference),
        "steps" => CheckStep(reference),
        "user" => OneOf(reference, 0, ["ref", "entity"]),
        "context" => OneOf(reference, 0, ["task"]),
        "environment" => CheckEnvironment(reference),
        "secrets" => CheckSecret(reference),
        "each" => InEach ? OneOf(reference, 0, ["key", "value"]) : new NameProblem(
            "'each' is known only in the input and condition of a step that has 'each'.",
            "Give the step an 'each', or name what is meant."),
        var function when Functions.Contains(function) => null,
        var unknown => Unknown(
            $"There is no '{unknown}' in an expression of a template.", unknown, [.. Roots, "secrets"]),
    };

    private NameProblem? CheckParameter(VariableReference reference) =>
        reference.Members is not [var name, ..] || Manifest.Spec.Parameters?.Contains(name) != false
            ? null
            : Unknown($"The form has no parameter '{name}'.", name, Manifest.Spec.Parameters);

    private NameProblem? CheckStep(VariableReference reference)
    {
        if (reference.Members is not [var id, ..]) return null;
        var steps = Manifest.Spec.Steps.ToList();
        var index = steps.FindIndex(s => s.Id == id);
        if (index < 0) return Unknown($"There is no step '{id}'.", id, [.. steps.Select(s => s.Id)]);
        if (index >= Step)
        {
            return new NameProblem($"Step '{id}' has not run yet when this is read.", index == Step
                ? "A step cannot read its own output."
                : $"Move step '{id}' before step '{steps[Step].Id}'.");
        }
        if (reference.Members.Count > 1 && reference.Members[1] != "output")
        {
            return new NameProblem(
                $"A step has no '{reference.Members[1]}'.", $"Read its output: steps.{id}.output.NAME.");
        }
        return reference.Members is [_, _, var output, ..] ? CheckOutput(steps[index], output) : null;
    }

    private NameProblem? CheckOutput(StepSpec step, string output) =>
        Actions.Find(step.Action)?.OutputNames is { } names && !names.Contains(output)
            ? names.Count == 0
                ? new NameProblem(
                    $"{step.Action} of step '{step.Id}' has no outputs.",
                    "Read another step, or remove the expression.")
                : Unknown($"{step.Action} of step '{step.Id}' has no output '{output}'.", output, names)
            : null;

    private NameProblem? CheckEnvironment(VariableReference reference)
    {
        if (OneOf(reference, 0, ["parameters", "secrets"]) is { } problem) return problem;
        if (reference.Members is not [var kind, var name, ..]) return null;
        if (kind == "secrets" && !InInput) return OnlyInInput("environment.secrets");
        var (values, setting) = kind == "secrets"
            ? (Options.EnvironmentSecrets, "EnvironmentSecrets")
            : (Options.EnvironmentParameters, "EnvironmentParameters");
        return values.ContainsKey(name) || reference.MayBeMissing ? null : new NameProblem(
            $"This portal's settings give no environment.{kind}.{name}: it is empty.",
            $"Set {StepEnvironmentOptions.Section}:{setting}:{name}, or write a default.", FindingLevel.Warning);
    }

    private NameProblem? CheckSecret(VariableReference reference)
    {
        if (!InInput) return OnlyInInput("secrets");
        var names = Manifest.Form.SecretNames;
        return reference.Members is not [var name, ..] || names.Contains(name)
            || reference.MayBeMissing ? null : new NameProblem(
            $"No field of the form asks for the secret '{name}'.",
            NearestName.Find(name, names) is { } near
                ? $"Did you mean '{near}'?"
                : "Add a field with 'ui:field: Secret', or leave it to callers of the API.", FindingLevel.Warning);
    }

    private static NameProblem OnlyInInput(string what) =>
        new($"'{what}' can be read in the input of a step only.", "Move the expression into an input.");

    private static NameProblem? OneOf(VariableReference reference, int index, string[] names) =>
        reference.Members.Count <= index || names.Contains(reference.Members[index])
            ? null
            : Unknown($"'{reference.Root}' has no '{reference.Members[index]}'.", reference.Members[index], names);

    private static NameProblem Unknown(string message, string name, IReadOnlyCollection<string>? known)
    {
        var near = known is null ? null : NearestName.Find(name, known);
        return new NameProblem(message, near is not null ? $"Did you mean '{near}'?"
            : known is { Count: > 0 }
                ? $"There is: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
                : "Remove the expression, or declare the name.");
    }
}
