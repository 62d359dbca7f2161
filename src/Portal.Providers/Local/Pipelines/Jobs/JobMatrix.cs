using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>One combination of a matrix: a job of its own in the run.</summary>
/// <param name="Contexts">What its expressions see.</param>
internal sealed record Combination(LiveJob Live, Dictionary<string, object?> Contexts);

/// <summary>
/// A job's <c>strategy</c>: the combinations of its matrix, how many of them at once, and what the first failure does.
/// </summary>
internal sealed class JobMatrix
{
    /// <summary>Combinations at once.</summary>
    private const int Most = 256;

    private readonly JobGraph graph;
    private readonly IReadOnlyList<ExprObject> combinations;
    private readonly bool failFast;
    private readonly int atOnce;

    private JobMatrix(JobGraph graph, IReadOnlyList<ExprObject> combinations, bool failFast, int atOnce) =>
        (this.graph, this.combinations, this.failFast, this.atOnce) = (graph, combinations, failFast, atOnce);

    /// <summary>Null for a job without a matrix.</summary>
    public static JobMatrix? Read(JobGraph graph, ExpressionScope scope)
    {
        if (graph.Job.Strategy is not { Matrix: { } node } strategy) return null;
        var file = graph.Workflow.File;
        var combinations = MatrixExpander.Expand(new YamlReader(file).Value(node, scope), file, (int)node.Start.Line);
        var failFast = strategy.FailFast is not { } text
            || Coercion.ToText(TextTemplate.Evaluate(text, scope)) != "false";
        return new JobMatrix(graph, combinations, failFast, AtOnce(strategy.MaxParallel, scope));
    }

    /// <summary>The combinations take the job's place in the run.</summary>
    public IReadOnlyList<Combination> Lay(LiveRun run, Dictionary<string, object?> contexts)
    {
        var laid = new List<Combination>();
        for (var i = 0; i < combinations.Count; i++)
        {
            var own = new Dictionary<string, object?>(contexts, StringComparer.OrdinalIgnoreCase)
            {
                ["matrix"] = combinations[i], ["strategy"] = StrategyOf(i),
            };
            var steps = graph.Job.Steps.Select(StepRunner.NameOf);
            var after = laid.Count == 0 ? graph.Live : laid[^1].Live;
            laid.Add(new Combination(
                run.AddJob($"{graph.Prefix}{graph.Job.Id}-{i + 1}", graph.Prefix + NameOf(i, own), steps, after), own));
        }

        run.RemoveJob(graph.Live);
        run.Change();
        return laid;
    }

    public async Task<JobResult> RunAsync(
        IReadOnlyList<Combination> laid, Func<Combination, CancellationToken, Task<JobResult>> runOne,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(atOnce);
        var results = await Task.WhenAll(laid.Select(one => InTurnAsync(one, runOne, places, stop)).ToList());
        return new JobResult(JobResult.Sum(results), OutputsOf(results));
    }

    private async Task<JobResult> InTurnAsync(
        Combination one, Func<Combination, CancellationToken, Task<JobResult>> runOne, SemaphoreSlim places,
        CancellationTokenSource stop)
    {
        try
        {
            await places.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            one.Live.End(PipelineStatus.Cancelled);
            return new JobResult(PipelineStatus.Cancelled, []);
        }

        try
        {
            var result = await runOne(one, stop.Token);
            if (result.Status == PipelineStatus.Failed && failFast) await stop.CancelAsync();
            return result;
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Of all combinations together; an empty one takes none away.</summary>
    private static ExprObject OutputsOf(IEnumerable<JobResult> results)
    {
        var outputs = new ExprObject();
        foreach (var (name, value) in results.SelectMany(r => r.Outputs).Where(o => Coercion.IsTrue(o.Value)))
        {
            outputs[name] = value;
        }
        return outputs;
    }

    private ExprObject StrategyOf(int index) => new()
    {
        ["fail-fast"] = failFast, ["job-index"] = (double)index, ["job-total"] = (double)combinations.Count,
        ["max-parallel"] = (double)Math.Min(atOnce, combinations.Count),
    };

    private string NameOf(int index, Dictionary<string, object?> contexts) =>
        graph.Job.Name is { HasExpression: true } given
        ? TextTemplate.Render(given, new ExpressionScope(contexts))
        : $"{graph.Job.Name?.Text ?? graph.Job.Id} "
            + $"({string.Join(", ", combinations[index].Values.Select(Coercion.ToText))})";

    private static int AtOnce(SourceText? given, ExpressionScope scope) =>
        given is not null && Coercion.ToNumber(TextTemplate.Evaluate(given, scope)) is >= 1 and var number
            ? (int)Math.Min(number, Most) : Most;
}
