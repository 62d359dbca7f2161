using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// Runs the jobs of a workflow as their needs allow, reusable workflows of the same repository included.
/// </summary>
internal sealed class WorkflowExecution(
    Machine machine, LiveRun run, string repository, IReadOnlyDictionary<string, string> files)
{
    private int jobs;

    /// <summary>Called when the first job has got its place: from then on the run's time counts.</summary>
    public Action? Started { get; init; }

    public async Task<PipelineStatus> RunAsync(Workflow workflow, ExprObject inputs, CancellationToken cancellation)
    {
        var results = await RunJobsAsync(workflow, inputs, "", 0, cancellation);
        return JobResult.Sum(results.Values);
    }

    /// <param name="place">Of the job that calls the workflow: its jobs stand there.</param>
    private async Task<Dictionary<string, JobResult>> RunJobsAsync(
        Workflow workflow, ExprObject inputs, string prefix, int depth, CancellationToken cancellation, LiveJob? place =
            null)
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
            var needs = job.Needs.ToDictionary(
                n => n, n => StartJob(workflow.Jobs.First(j => j.Id == n)), StringComparer.Ordinal);
            var before = JobGraph.AncestorsOf(workflow, job).Select(a => tasks[a]).ToList();
            var graph = new JobGraph(workflow, job, open[job.Id], github, inputs, prefix, depth, before);
            return tasks[job.Id] = RunJobAsync(graph, needs, cancellation);
        }

        foreach (var job in workflow.Jobs) _ = StartJob(job);
        await Task.WhenAll(tasks.Values);
        return await ResultsAsync(tasks);
    }

    private async Task<JobResult> RunJobAsync(
        JobGraph graph, Dictionary<string, Task<JobResult>> needs, CancellationToken cancellation)
    {
        var (job, live) = (graph.Job, graph.Live);
        try
        {
            await Task.WhenAll(needs.Values);
            var contexts = graph.Contexts(await ResultsAsync(needs));
            var scope = new ExpressionScope(contexts, await StatusAsync(graph, needs, cancellation));
            if (!TextTemplate.Condition(job.If, scope) || cancellation.IsCancellationRequested)
            {
                var status = cancellation.IsCancellationRequested ? PipelineStatus.Cancelled : PipelineStatus.Skipped;
                if (status == PipelineStatus.Skipped) live.Skip(null, 0);
                else live.End(status);
                return new JobResult(status, []);
            }

            var labels = job.RunsOn.Select(l => l.Text).ToList();
            if (job.Uses is { } uses && !ActionTable.IsLocal(uses.Text))
            {
                return Skip(live, $"not available locally: {uses.Text}", 1);
            }
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

    /// <summary>Once, or once for each combination of its matrix.</summary>
    private Task<JobResult> RunCombinationsAsync(
        JobGraph graph, Dictionary<string, object?> contexts, ExpressionScope scope, CancellationToken cancellation)
    {
        if (JobMatrix.Read(graph, scope) is not { } matrix)
        {
            return RunOneAsync(graph, graph.Live, contexts, cancellation);
        }
        var combinations = matrix.Lay(run, contexts);
        return matrix.RunAsync(
            combinations, (one, token) => RunOneAsync(graph, one.Live, one.Contexts, token), cancellation);
    }

    private async Task<JobResult> RunOneAsync(
        JobGraph graph, LiveJob live, Dictionary<string, object?> contexts, CancellationToken cancellation)
    {
        var scope = new ExpressionScope(contexts);
        IDisposable? group = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            group = await EnterGroupAsync(graph.Job, scope, ended);
            return graph.Job.Uses is { } uses
                ? await CallAsync(graph, live, uses, scope, ended.Token)
                : await RunStepsAsync(graph, live, contexts, scope, ended.Token);
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

    /// <summary>Null for a job without a concurrency group.</summary>
    /// <exception cref="OperationCanceledException">Another took its place in the group.</exception>
    private async Task<IDisposable?> EnterGroupAsync(Job job, ExpressionScope scope, CancellationTokenSource ended)
    {
        if (job.Concurrency is not { } concurrency) return null;
        var name = "job " + TextTemplate.Render(concurrency.Group, scope);
        var cancel = IsTrue(concurrency.CancelInProgress, scope);
        return await machine.Concurrency.EnterAsync(run.Start.Info.Repository, name, cancel, ended.Cancel, ended.Token)
            ?? throw new OperationCanceledException();
    }

    private async Task<JobResult> RunStepsAsync(
        JobGraph graph, LiveJob live, Dictionary<string, object?> contexts, ExpressionScope scope,
        CancellationToken cancellation)
    {
        var owner = new JobOwner(run.Start.Info.Repository.Organisation, run.Start.By, run.Id);
        using var place = await machine.Slots.EnterAsync(owner, cancellation);
        Started?.Invoke();
        var commit = new CommitFiles(repository, run.Start.Info.Commit);
        var execution = new JobExecution(machine, run, graph.Workflow, repository, commit);
        var id = $"{run.Id}.{Interlocked.Increment(ref jobs)}";
        var result = await execution.RunAsync(graph.Job, live, id, contexts, cancellation);
        var mayFail = IsTrue(graph.Job.ContinueOnError, scope);
        return mayFail && result.Status == PipelineStatus.Failed
            ? result with { Status = PipelineStatus.Passed } : result;
    }

    private async Task<JobResult> CallAsync(
        JobGraph graph, LiveJob live, SourceText uses, ExpressionScope scope, CancellationToken cancellation)
    {
        var called = CalledWorkflow.Read(graph, uses, files, scope);
        var results = await RunJobsAsync(
            called.Workflow, called.Inputs, $"{live.Name} / ", graph.Depth + 1, cancellation, live);
        return new JobResult(JobResult.Sum(results.Values), called.Outputs(results, scope));
    }

    private static async Task<Dictionary<string, JobResult>> ResultsAsync(Dictionary<string, Task<JobResult>> jobs)
    {
        var results = new Dictionary<string, JobResult>(StringComparer.Ordinal);
        foreach (var (name, job) in jobs) results[name] = await job;
        return results;
    }

    private static async Task<RunningStatus> StatusAsync(
        JobGraph graph, Dictionary<string, Task<JobResult>> needs, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return RunningStatus.Cancelled;
        var ancestors = await Task.WhenAll(graph.Ancestors);
        if (ancestors.Any(a => a.Status == PipelineStatus.Failed)) return RunningStatus.Failure;
        return (await ResultsAsync(needs)).Values.All(n => n.Status == PipelineStatus.Passed)
            ? RunningStatus.Success : RunningStatus.Skipped;
    }

    private static bool IsTrue(SourceText? text, ExpressionScope scope) =>
        text is not null && Coercion.ToText(TextTemplate.Evaluate(text, scope)) == "true";
}
