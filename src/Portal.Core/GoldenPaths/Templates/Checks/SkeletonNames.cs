using Portal.Templating;

namespace Portal.Core.GoldenPaths.Templates.Checks;

/// <summary>What the files of a skeleton can name: <c>values</c>, and in it what the step passes.</summary>
/// <param name="passed">Null when only a run knows.</param>
internal sealed class SkeletonNames(string step, IReadOnlyList<string>? passed)
{
    private static readonly string[] Functions = ["range", "cycler", "joiner"];

    /// <summary>What the expressions of GitHub's workflows start with.</summary>
    private static readonly HashSet<string> Pipeline = new(StringComparer.Ordinal)
    {
        "github", "secrets", "env", "matrix", "needs", "runner", "inputs", "vars", "strategy", "job", "jobs", "steps",
        "hashFiles", "toJSON", "fromJSON",
        "contains", "startsWith", "endsWith", "format", "join", "always", "success", "failure", "cancelled",
    };

    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>A file reads the values as a whole, or one that only a run can name.</summary>
    public bool UsesAll { get; private set; }

    public IEnumerable<string> Unused => (passed ?? []).Where(p => !used.Contains(p));

    public NameProblem? Check(VariableReference reference)
    {
        if (reference.Root == "values") return CheckValue(reference);
        if (Functions.Contains(reference.Root)) return null;
        if (reference.Root == "parameters")
        {
            return new NameProblem("A file reads 'values', not 'parameters'.",
                $"Pass it in the input 'values' of step '{step}', and write values.{(reference.Members is [var name, ..] ? name : "NAME")}.");
        }
        if (passed?.Contains(reference.Root) == true)
        {
            return new NameProblem(
                $"There is no '{reference.Root}' in a file of the skeleton.", $"Write values.{reference.Root}.");
        }
        return OfPipeline(
            reference.Root) ?? new NameProblem($"There is no '{reference.Root}' in a file of the skeleton.",
            NearestName.Find(reference.Root, ["values"]) is { } near
                ? $"Did you mean '{near}'?"
                : "Read values.NAME; what the file sets itself must be set in it.");
    }

    /// <summary>
    /// The collision that everybody meets once: a pipeline's own expression in a file that is rendered.
    /// </summary>
    public NameProblem? OfPipeline(string root) => !Pipeline.Contains(root) ? null : new NameProblem(
        $"'{root}' is a pipeline's own expression, and the file is rendered.",
        $"List the file in copyWithoutTemplating of step '{step}', or put {{% raw %}} … {{% endraw %}} around the expression.");

    private NameProblem? CheckValue(VariableReference reference)
    {
        if (reference.Members is not [var name, ..])
        {
            UsesAll = true;
            return null;
        }
        used.Add(name);
        if (passed is null || passed.Contains(name)) return null;
        var near = NearestName.Find(name, passed);
        // A file that is prepared for its absence may be shared by several steps; a near miss is a slip all the same.
        if (reference.MayBeMissing && near is null) return null;
        return new NameProblem($"Step '{step}' passes no value '{name}'.", near is not null
            ? $"Did you mean '{near}'?"
            : "Add it to the step's input 'values'.",
            reference.MayBeMissing ? FindingLevel.Warning : FindingLevel.Error);
    }
}
