using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>Runs the jobs of a workflow as their needs allow, reusable workflows of the same repository included.</summary>
internal sealed class WorkflowExecution(Machine machine, LiveRun run, string repository, IReadOnlyDictionary<string, string> files)
{
    private const int MaxDepth = 4;

    private int jobs;

    /// <summary>Called when the first job has got its place: from then on the run's time counts.</summary>
    public Action? Started { get; init; }

    public async Task<PipelineStatus> RunAsync(Workflow workflow, ExprObject inputs, CancellationToken cancellation)
    {
        var results = await RunJobsAsync(workflow, inputs, "", 0, cancellation);
        return Sum(results.Values);
    }

    private async Task<Dictionary<string, JobResult>> RunJobsAsync(Workflow workflow, ExprObject inputs, string prefix, int depth, CancellationToken cancellation, LiveJob? place = null)
    {
        var github = GitHubContext.Make(run.Start, workflow, machine.ServerUrl());
        var (open, last) = (new Dictionary<string, LiveJob>(StringComparer.Ordinal), place);
        foreach (var job in workflow.Jobs)
        {
            var name = job.Name is { HasExpression: false } given ? given.Text : job.Id;
            open[job.Id] = last = run.AddJob(prefix + job.Id, prefix + name, job.Steps.Select(StepRunner.NameOf), last);
        }

        if (place is not null) run.RemoveJob(place);
        run.Change();
        var tasks = new Dictionary<string, Task<JobResult>>(StringComparer.Ordinal);
        Task<JobResult> StartJob(Job job)
        {
            if (tasks.TryGetValue(job.Id, out var there)) return there;
            var needs = job.Needs.ToDictionary(n => n, n => StartJob(workflow.Jobs.First(j => j.Id == n)), StringComparer.Ordinal);
            var graph = new JobGraph(workflow, job, open[job.Id], github, inputs, prefix, depth, Ancestors(workflow, job).Select(a => tasks[a]).ToList());
            return tasks[job.Id] = RunJobAsync(graph, needs, cancellation);
        }

        foreach (var job in workflow.Jobs) _ = StartJob(job);
        await Task.WhenAll(tasks.Values);
        return await ResultsAsync(tasks);
    }

    private async Task<JobResult> RunJobAsync(JobGraph graph, Dictionary<string, Task<JobResult>> needs, CancellationToken cancellation)
    {
        var (job, live) = (graph.Job, graph.Live);
        try
        {
            await Task.WhenAll(needs.Values);
            var contexts = Contexts(graph, await ResultsAsync(needs));
            var scope = new ExpressionScope(contexts, await StatusAsync(graph, needs, cancellation));
            if (!TextTemplate.Condition(job.If, scope) || cancellation.IsCancellationRequested)
            {
                var status = cancellation.IsCancellationRequested ? PipelineStatus.Cancelled : PipelineStatus.Skipped;
                if (status == PipelineStatus.Skipped) live.Skip(null, 0);
                else live.End(status);
                return new JobResult(status, []);
            }

            var labels = job.RunsOn.Select(l => l.Text).ToList();
            if (job.Uses is { } uses && !ActionTable.IsLocal(uses.Text)) return Skip(live, $"not available locally: {uses.Text}", 1);
            if (JobExecution.Unavailable(job, labels) is { } why) return Skip(live, why.Note, why.Steps);
            return await RunCombinationsAsync(graph, contexts, scope, cancellation);
        }
        catch (WorkflowException wrong)
        {
            run.Log.Write(live.Name, $"##[error]{wrong.Message}", own: true);
            run.NoteFailure(wrong.Message);
            live.End(PipelineStatus.Failed);
            return new JobResult(PipelineStatus.Failed, []);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            live.End(PipelineStatus.Cancelled);
            return new JobResult(PipelineStatus.Cancelled, []);
        }
    }

    private JobResult Skip(LiveJob live, string note, int steps)
    {
        run.Log.Write(live.Name, $"Skipped: {note}", own: true);
        live.Skip(note, steps);
        return new JobResult(PipelineStatus.Skipped, []);
    }

    private async Task<JobResult> RunCombinationsAsync(JobGraph graph, Dictionary<string, object?> contexts, ExpressionScope scope, CancellationToken cancellation)
    {
        var (job, strategy) = (graph.Job, graph.Job.Strategy);
        if (strategy?.Matrix is not { } node) return await RunOneAsync(graph, graph.Live, contexts, cancellation);

        var matrix = new YamlReader(graph.Workflow.File).Value(node, scope);
        var combinations = MatrixExpander.Expand(matrix, graph.Workflow.File, (int)node.Start.Line);
        var failFast = strategy.FailFast is null || !IsFalse(strategy.FailFast, scope);
        var most = strategy.MaxParallel is { } text && Coercion.ToNumber(TextTemplate.Evaluate(text, scope)) is >= 1 and var number ? (int)Math.Min(number, 256) : 256;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(most);
        var after = graph.Live;
        var tasks = new List<Task<JobResult>>();
        var lives = new List<(LiveJob Live, Dictionary<string, object?> Contexts)>();
        for (var i = 0; i < combinations.Count; i++)
        {
            var own = new Dictionary<string, object?>(contexts, StringComparer.OrdinalIgnoreCase)
            {
                ["matrix"] = combinations[i],
                ["strategy"] = new ExprObject { ["fail-fast"] = failFast, ["job-index"] = (double)i, ["job-total"] = (double)combinations.Count, ["max-parallel"] = (double)Math.Min(most, combinations.Count) },
            };
            var name = job.Name is { HasExpression: true } given
                ? TextTemplate.Render(given, new ExpressionScope(own))
                : $"{job.Name?.Text ?? job.Id} ({string.Join(", ", combinations[i].Values.Select(Coercion.ToText))})";
            after = run.AddJob($"{graph.Prefix}{job.Id}-{i + 1}", graph.Prefix + name, job.Steps.Select(StepRunner.NameOf), after);
            lives.Add((after, own));
        }

        run.RemoveJob(graph.Live);
        run.Change();
        foreach (var (live, own) in lives)
        {
            tasks.Add(CombinationAsync());
            async Task<JobResult> CombinationAsync()
            {
                try
                {
                    await places.WaitAsync(stop.Token);
                }
                catch (OperationCanceledException)
                {
                    live.End(PipelineStatus.Cancelled);
                    return new JobResult(PipelineStatus.Cancelled, []);
                }

                try
                {
                    var result = await RunOneAsync(graph, live, own, stop.Token);
                    if (result.Status == PipelineStatus.Failed && failFast) await stop.CancelAsync();
                    return result;
                }
                finally
                {
                    places.Release();
                }
            }
        }

        var results = await Task.WhenAll(tasks);
        var outputs = new ExprObject();
        foreach (var (name, value) in results.SelectMany(r => r.Outputs).Where(o => Coercion.IsTrue(o.Value))) outputs[name] = value;
        return new JobResult(Sum(results), outputs);
    }

    private async Task<JobResult> RunOneAsync(JobGraph graph, LiveJob live, Dictionary<string, object?> contexts, CancellationToken cancellation)
    {
        var job = graph.Job;
        var scope = new ExpressionScope(contexts);
        IDisposable? group = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            if (job.Concurrency is { } concurrency)
            {
                var cancel = concurrency.CancelInProgress is { } text && Coercion.ToText(TextTemplate.Evaluate(text, scope)) == "true";
                group = await machine.Concurrency.EnterAsync(run.Start.Info.Repository, "job " + TextTemplate.Render(concurrency.Group, scope), cancel, ended.Cancel, ended.Token);
                if (group is null) throw new OperationCanceledException();
            }

            if (job.Uses is { } uses) return await CallAsync(graph, live, uses, scope, ended.Token);
            using var place = await machine.Slots.EnterAsync(new JobOwner(run.Start.Info.Repository.Organisation, run.Start.By, run.Id), ended.Token);
            Started?.Invoke();
            var execution = new JobExecution(machine, run, graph.Workflow, repository, new CommitFiles(repository, run.Start.Info.Commit));
            var result = await execution.RunAsync(job, live, $"{run.Id}.{Interlocked.Increment(ref jobs)}", contexts, ended.Token);
            var may = job.ContinueOnError is { } text2 && Coercion.ToText(TextTemplate.Evaluate(text2, scope)) == "true";
            return may && result.Status == PipelineStatus.Failed ? result with { Status = PipelineStatus.Passed } : result;
        }
        catch (OperationCanceledException)
        {
            live.End(PipelineStatus.Cancelled);
            return new JobResult(PipelineStatus.Cancelled, []);
        }
        finally
        {
            group?.Dispose();
        }
    }

    private async Task<JobResult> CallAsync(JobGraph graph, LiveJob live, SourceText uses, ExpressionScope scope, CancellationToken cancellation)
    {
        if (graph.Depth >= MaxDepth) throw new WorkflowException(uses.File, uses.Line, $"reusable workflows are nested more than {MaxDepth} deep.");
        var path = uses.Text[2..];
        if (!files.TryGetValue(path, out var text)) throw new WorkflowException(uses.File, uses.Line, $"there is no workflow {path} in this commit.");
        var called = WorkflowParser.Parse(path, text);
        if (!called.IsCallable) throw new WorkflowException(uses.File, uses.Line, $"{path} cannot be called: it has no 'on: workflow_call'.");
        var inputs = Inputs(called.CallInputs, name => graph.Job.With.TryGetValue(name, out var given) ? TextTemplate.Evaluate(given, scope) : null, uses);
        foreach (var name in graph.Job.With.Keys.Where(n => !called.CallInputs.ContainsKey(n)))
        {
            throw new WorkflowException(uses.File, uses.Line, $"{path} has no input '{name}'.");
        }

        var results = await RunJobsAsync(called, inputs, $"{live.Name} / ", graph.Depth + 1, cancellation, live);
        var jobContext = new ExprObject();
        foreach (var (id, result) in results) jobContext[id] = new ExprObject { ["result"] = result.Word, ["outputs"] = result.Outputs };
        var outputScope = new ExpressionScope(new Dictionary<string, object?>(scope.Contexts, StringComparer.OrdinalIgnoreCase) { ["jobs"] = jobContext, ["inputs"] = inputs });
        var outputs = new ExprObject();
        foreach (var (name, value) in called.CallOutputs) outputs[name] = TextTemplate.Render(value, outputScope);
        return new JobResult(Sum(results.Values), outputs);
    }

    /// <summary>The inputs by their declared types; one that is required and not given is an error.</summary>
    internal static ExprObject Inputs(IReadOnlyDictionary<string, InputDefinition> declared, Func<string, object?> given, SourceText? at)
    {
        var inputs = new ExprObject();
        foreach (var (name, input) in declared)
        {
            var value = given(name) ?? input.Default?.Text;
            if (value is null && input.Required && at is not null) throw new WorkflowException(at.File, at.Line, $"the input '{name}' is required.");
            inputs[name] = input.Type switch
            {
                "boolean" => Coercion.ToText(value) == "true",
                "number" => Coercion.ToNumber(value),
                _ => Coercion.ToText(value),
            };
        }

        return inputs;
    }

    private static async Task<Dictionary<string, JobResult>> ResultsAsync(Dictionary<string, Task<JobResult>> jobs)
    {
        var results = new Dictionary<string, JobResult>(StringComparer.Ordinal);
        foreach (var (name, job) in jobs) results[name] = await job;
        return results;
    }

    private static Dictionary<string, object?> Contexts(JobGraph graph, Dictionary<string, JobResult> needs)
    {
        var made = new ExprObject();
        foreach (var (name, result) in needs) made[name] = new ExprObject { ["result"] = result.Word, ["outputs"] = result.Outputs };
        return new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["github"] = graph.GitHub, ["needs"] = made, ["vars"] = new ExprObject(), ["secrets"] = new ExprObject(), ["inputs"] = graph.Inputs,
            ["matrix"] = null, ["strategy"] = new ExprObject { ["fail-fast"] = true, ["job-index"] = 0.0, ["job-total"] = 1.0, ["max-parallel"] = 1.0 },
        };
    }

    private static async Task<RunningStatus> StatusAsync(JobGraph graph, Dictionary<string, Task<JobResult>> needs, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return RunningStatus.Cancelled;
        var ancestors = await Task.WhenAll(graph.Ancestors);
        if (ancestors.Any(a => a.Status == PipelineStatus.Failed)) return RunningStatus.Failure;
        return (await ResultsAsync(needs)).Values.All(n => n.Status == PipelineStatus.Passed) ? RunningStatus.Success : RunningStatus.Skipped;
    }

    private static HashSet<string> Ancestors(Workflow workflow, Job job)
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

    private static PipelineStatus Sum(IEnumerable<JobResult> results)
    {
        var all = results.Select(r => r.Status).ToHashSet();
        return all.Contains(PipelineStatus.Failed) ? PipelineStatus.Failed
            : all.Contains(PipelineStatus.Cancelled) ? PipelineStatus.Cancelled
            : all.Contains(PipelineStatus.Passed) ? PipelineStatus.Passed : PipelineStatus.Skipped;
    }

    private static bool IsFalse(SourceText text, ExpressionScope scope) => Coercion.ToText(TextTemplate.Evaluate(text, scope)) == "false";

    private sealed record JobGraph(
        Workflow Workflow, Job Job, LiveJob Live, ExprObject GitHub, ExprObject Inputs, string Prefix, int Depth, IReadOnlyList<Task<JobResult>> Ancestors);
}
