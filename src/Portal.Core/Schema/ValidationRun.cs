using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Shared;

namespace Portal.Core.Schema;

/// <summary>One validation: where errors go, and how much work it may still do.</summary>
internal sealed class ValidationRun
{
    /// <summary>Nested schemas: far above what a form needs, far below what the stack holds.</summary>
    private const int MaxDepth = 200;

    /// <summary>
    /// Schemas applied in one validation: a nest of anyOf that tries everything ends here, not at the end of the day.
    /// </summary>
    private const int MaxWork = 2_000_000;

    private const int MaxErrors = 200;

    /// <summary>
    /// All patterns of one validation together: each of many values may take nearly as long as one may.
    /// </summary>
    private static readonly TimeSpan MaxMatching = TimeSpan.FromSeconds(1);

    private readonly Budget budget;
    private readonly bool probing;

    public ValidationRun()
        : this(new Budget(), probing: false)
    {
    }

    private ValidationRun(Budget budget, bool probing) => (this.budget, this.probing) = (budget, probing);

    public List<SchemaError> Errors { get; } = [];

    public bool Failed { get; private set; }

    /// <summary>True when nothing that follows can change the answer.</summary>
    public bool IsSettled => (probing && Failed) || Errors.Count >= MaxErrors || budget.Exceeded is not null;

    public void Add(Keyword keyword, InstancePath at, string message, string? property = null)
    {
        Failed = true;
        if (!probing)
        {
            Errors.Add(
                new SchemaError(at.ToString(), keyword.SchemaPath, keyword.Name, message) { Property = property });
        }
    }

    public void Add(IEnumerable<SchemaError> errors)
    {
        Failed = true;
        if (!probing) Errors.AddRange(errors);
    }

    /// <summary>Answers whether a value passes, without collecting errors.</summary>
    public bool Passes(SchemaNode schema, JsonNode? value, InstancePath at)
    {
        var probe = new ValidationRun(budget, probing: true);
        schema.Validate(value, at, probe);
        return !probe.Failed;
    }

    /// <summary>The errors of one branch, apart from those of this run.</summary>
    public List<SchemaError> Collect(SchemaNode schema, JsonNode? value, InstancePath at)
    {
        var branch = new ValidationRun(budget, probing: false);
        schema.Validate(value, at, branch);
        return branch.Errors;
    }

    public bool IsProbing => probing;

    /// <summary>
    /// Whether the text matches; null when that takes too long, which fails the validation and ends it: no pattern is
    /// tried again.
    /// </summary>
    public bool? Matches(Regex pattern, string source, string text, Keyword keyword, InstancePath at)
    {
        if (budget.Exceeded is not null) return null;

        var began = Stopwatch.GetTimestamp();
        var matches = EcmaRegex.IsMatch(pattern, text);
        budget.Matching += Stopwatch.GetElapsedTime(began);
        if (matches is not null && budget.Matching <= MaxMatching) return matches;

        Failed = true;
        budget.Exceeded = new SchemaError(
            at.ToString(), keyword.SchemaPath, keyword.Name,
            $"cannot be checked in time against the pattern {Words.Short(source)}");
        return null;
    }

    /// <summary>Goes one schema deeper; false when a limit is reached, which fails the validation.</summary>
    public bool Enter(SchemaNode schema, InstancePath at)
    {
        budget.Depth++;
        if (budget.Depth <= MaxDepth && ++budget.Work <= MaxWork) return true;

        Failed = true;
        budget.Exceeded ??= new SchemaError(at.ToString(), schema.Path, "$ref", budget.IsSpent
            ? "cannot be checked: the schema tries too many combinations"
            : "cannot be checked: the schema refers to itself without end, or the value is nested too deeply");
        return false;
    }

    /// <summary>
    /// The limit that was hit, if any. A `not` or an `if` could have swallowed it, so the whole validation fails with
    /// it.
    /// </summary>
    public SchemaError? Exceeded => budget.Exceeded;

    public void Exit() => budget.Depth--;

    private sealed class Budget
    {
        public int Depth { get; set; }

        public int Work { get; set; }

        public TimeSpan Matching { get; set; }

        public SchemaError? Exceeded { get; set; }

        public bool IsSpent => Work > MaxWork;
    }
}
