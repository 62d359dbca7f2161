using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>A reusable workflow of the same commit that a job calls.</summary>
internal sealed record CalledWorkflow(Workflow Workflow, ExprObject Inputs)
{
    private const int MaxDepth = 4;

    /// <param name="uses">Its path, beginning with <c>./</c>.</param>
    /// <param name="files">The workflows of the commit, by their paths.</param>
    public static CalledWorkflow Read(
        JobGraph graph, SourceText uses, IReadOnlyDictionary<string, string> files, ExpressionScope scope)
    {
        if (graph.Depth >= MaxDepth) throw Wrong($"reusable workflows are nested more than {MaxDepth} deep.");
        var path = uses.Text[2..];
        if (!files.TryGetValue(path, out var text)) throw Wrong($"there is no workflow {path} in this commit.");
        var called = WorkflowParser.Parse(path, text);
        if (!called.IsCallable) throw Wrong($"{path} cannot be called: it has no 'on: workflow_call'.");
        var with = graph.Job.With;
        var inputs = WorkflowInputs.Of(
            called.CallInputs, name =>
                with.TryGetValue(name, out var given) ? TextTemplate.Evaluate(given, scope) : null, uses);
        if (with.Keys.FirstOrDefault(name => !called.CallInputs.ContainsKey(name)) is { } unknown)
        {
            throw Wrong($"{path} has no input '{unknown}'.");
        }
        return new CalledWorkflow(called, inputs);

        WorkflowException Wrong(string what) => new(uses.File, uses.Line, what);
    }

    /// <summary>What it gives to the job that calls it.</summary>
    public ExprObject Outputs(Dictionary<string, JobResult> jobs, ExpressionScope caller)
    {
        var scope = new ExpressionScope(
            new Dictionary<string, object?>(caller.Contexts, StringComparer.OrdinalIgnoreCase)
            {
                ["jobs"] = JobResult.Context(jobs), ["inputs"] = Inputs,
            });
        var outputs = new ExprObject();
        foreach (var (name, value) in Workflow.CallOutputs) outputs[name] = TextTemplate.Render(value, scope);
        return outputs;
    }
}
