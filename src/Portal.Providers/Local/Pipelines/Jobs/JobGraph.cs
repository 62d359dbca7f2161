using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>A job with its place among those of its workflow.</summary>
/// <param name="Prefix">Of its id and name, where another workflow calls its own.</param>
/// <param name="Depth">How many workflows have called one another down to here.</param>
/// <param name="Ancestors">What it needs, and what that needs, and so on.</param>
internal sealed record JobGraph(
    Workflow Workflow, Job Job, LiveJob Live, ExprObject GitHub, ExprObject Inputs, string Prefix, int Depth,
    IReadOnlyList<Task<JobResult>> Ancestors)
{
    /// <summary>What its expressions see before it begins.</summary>
    public Dictionary<string, object?> Contexts(Dictionary<string, JobResult> needs) =>
        new(StringComparer.OrdinalIgnoreCase)
    {
        ["github"] = GitHub, ["needs"] = JobResult.Context(needs), ["vars"] = new ExprObject(),
        ["secrets"] = new ExprObject(),
        ["inputs"] = Inputs, ["matrix"] = null,
        ["strategy"] = new ExprObject
        {
            ["fail-fast"] = true, ["job-index"] = 0.0, ["job-total"] = 1.0, ["max-parallel"] = 1.0,
        },
    };

    public static HashSet<string> AncestorsOf(Workflow workflow, Job job)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(job.Needs);
        while (open.TryPop(out var id))
        {
            if (!found.Add(id)) continue;
            foreach (var need in workflow.Jobs.First(j => j.Id == id).Needs) open.Push(need);
        }

        return found;
    }
}
