using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>What a job leaves to those that need it.</summary>
internal sealed record JobResult(PipelineStatus Status, ExprObject Outputs)
{
    public string Word => StepResult.Word(Status);

    /// <summary>Of several: a failure is all of them's, then an end before the end, then success.</summary>
    public static PipelineStatus Sum(IEnumerable<JobResult> results)
    {
        var all = results.Select(r => r.Status).ToHashSet();
        return all.Contains(PipelineStatus.Failed) ? PipelineStatus.Failed
            : all.Contains(PipelineStatus.Cancelled) ? PipelineStatus.Cancelled
            : all.Contains(PipelineStatus.Passed) ? PipelineStatus.Passed : PipelineStatus.Skipped;
    }

    /// <summary>As <c>needs</c> and <c>jobs</c> show them to expressions.</summary>
    public static ExprObject Context(IReadOnlyDictionary<string, JobResult> results)
    {
        var made = new ExprObject();
        foreach (var (name, result) in results)
        {
            made[name] = new ExprObject { ["result"] = result.Word, ["outputs"] = result.Outputs };
        }
        return made;
    }
}

/// <summary>
/// Runs one job (one combination of its matrix): its folders, its variables, its steps, and the end of all that it
/// started.
/// </summary>
internal sealed class JobExecution(
    Machine machine, LiveRun run, Workflow workflow, string repository, CommitFiles files)
{
    /// <param name="tag">Of its processes; unique.</param>
    /// <param name="contexts">github, needs, matrix, strategy, vars, secrets and inputs.</param>
    public async Task<JobResult> RunAsync(
        Job job, LiveJob live, string tag, IReadOnlyDictionary<string, object?> contexts,
        CancellationToken cancellation)
    {
        var root = Path.Combine(machine.Folders.Work(run.Id), tag[(tag.LastIndexOf('.') + 1)..]);
        JobContext? context = null;
        try
        {
            live.Begin();
            context = Prepare(job, live, tag, root, contexts, cancellation);
            var result = await RunStepsAsync(context, live, cancellation);
            live.End(result.Status);
            return result;
        }
        catch (WorkflowException wrong)
        {
            run.Log.Write(live.Name, $"##[error]{wrong.Message}", own: true);
            run.NoteFailure(wrong.Message);
            live.End(PipelineStatus.Failed);
            return new JobResult(PipelineStatus.Failed, []);
        }
        finally
        {
            if (context is not null) await context.EndAsync();
            run.Log.Flush();
        }
    }

    private JobContext Prepare(
        Job job, LiveJob live, string tag, string root, IReadOnlyDictionary<string, object?> contexts,
        CancellationToken cancellation)
    {
        RunFolders.MakePassable(machine.Folders.Work(run.Id));
        var folders = new JobFolders(root, run.Start.Info.Repository.Name, machine.Sandbox.User);
        var github = new ExprObject
        {
            ["workspace"] = folders.Workspace, ["job"] = job.Id, ["event_path"] = folders.EventFile,
        };
        foreach (var (name, value) in (ExprObject)contexts["github"]!) github[name] = value;
        File.WriteAllText(folders.EventFile, Coercion.ToJson(github["event"]));
        var all = new Dictionary<string, object?>(contexts, StringComparer.OrdinalIgnoreCase)
        {
            ["github"] = github, ["runner"] = GitHubContext.Runner(folders),
        };

        var environment = GitHubContext.Variables(github, folders, job.Id);
        foreach (var (name, value) in machine.JobEnvironment()) environment.TryAdd(name, value);
        foreach (var (name, value) in BuildServers.Off) environment.TryAdd(name, value);
        var env = new ExprObject();
        foreach (var (name, value) in workflow.Env.Concat(job.Env))
        {
            all["env"] = env;
            env[name] = environment[name] = TextTemplate.Render(value, new ExpressionScope(all));
        }

        return new JobContext
        {
            Machine = machine, Run = run, Job = job, Name = live.Name, Workflow = workflow, Folders = folders,
            Repository = repository, Files = files,
            Contexts = all, Tag = tag, Environment = environment, Env = env, Cancellation = cancellation,
        };
    }

    private async Task<JobResult> RunStepsAsync(JobContext context, LiveJob live, CancellationToken cancellation)
    {
        var job = context.Job;
        var frame = new StepFrame([], (ExprObject)context.Contexts["inputs"]!);
        var limit = job.TimeoutMinutes is { } minutes
            ? StepRunner.Minutes(minutes, context.Scope(frame)) : TimeSpan.FromMinutes(360);
        using var timer = new CancellationTokenSource(limit, machine.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        await new StepRunner(context).RunAllAsync(
            job.Steps, frame, live.BeginStep, (at, result) => EndStep(context, live, at, result), either.Token);

        var status = cancellation.IsCancellationRequested ? PipelineStatus.Cancelled
            : context.Status == RunningStatus.Failure ? PipelineStatus.Failed : PipelineStatus.Passed;
        if (timer.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            status = PipelineStatus.Failed;
            var sentence = $"The job {live.Name} took longer than {limit.TotalMinutes:0.##} minutes and was ended.";
            run.Log.Write(live.Name, $"##[error]{sentence}", own: true);
            run.NoteFailure(sentence);
        }

        var outputs = new ExprObject();
        foreach (var (name, value) in job.Outputs) outputs[name] = TextTemplate.Render(value, context.Scope(frame));
        return new JobResult(status, outputs);
    }

    private void EndStep(JobContext context, LiveJob live, int at, StepResult result)
    {
        live.EndStep(at, result.Status, result.Note, result.NotAvailable);
        if (result.Status == PipelineStatus.Failed)
        {
            run.NoteFailure(
                $"Job {live.Name}, step {StepRunner.NameOf(context.Job.Steps[at])}: {result.Note}.".Replace(
                    "..", ".", StringComparison.Ordinal));
        }
        run.Log.Flush();
    }

    /// <summary>
    /// Why the job cannot run on this machine at all, and how many of its steps that are; null when it can.
    /// </summary>
    public static (string Note, int Steps)? Unavailable(Job job, IReadOnlyList<string> labels)
    {
        if (job.Unsupported is { } why) return (why, Math.Max(1, job.Steps.Count));
        if (labels.FirstOrDefault(l => l.StartsWith("windows", StringComparison.OrdinalIgnoreCase)
            || l.StartsWith("macos", StringComparison.OrdinalIgnoreCase)) is { } label)
        {
            return ($"not available locally: runs-on {label}", job.Steps.Count);
        }

        if (job.Uses is not null) return null;
        var missing = job.Steps.Where(s => s.Uses is { } uses && !ActionTable.IsAvailable(uses.Text))
            .Select(s => ActionTable.NameOf(s.Uses!.Text)).Distinct().ToList();
        var rest = job.Steps.Any(
            s => s.Run is not null || (
                s.Uses is { } uses && ActionTable.IsAvailable(uses.Text) && !ActionTable.OnlyPrepares(uses.Text)));
        return missing.Count > 0 && !rest
            ? (
                $"not available locally: {string.Join(", ", missing)}",
                job.Steps.Count(s => s.Uses is { } u && !ActionTable.IsAvailable(u.Text)))
            : null;
    }
}
