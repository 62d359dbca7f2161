using System.IO.Compression;
using System.Text.Json.Nodes;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>
/// Plays runs: one job after the other, step by step. With no pipeline time and no scripts to run everything is over
/// before the answer to whoever started it, unless a step sleeps.
/// </summary>
internal sealed class Simulation(WorldState state, PipelineSettings settings)
{
    /// <param name="jobs">Those to run; of the other jobs the results of the attempt before stay.</param>
    public void Begin(StoredRun run, IReadOnlyList<WorkflowJob> jobs)
    {
        lock (run)
        {
            (run.Status, run.Conclusion, run.StartedAt, run.UpdatedAt, run.Cancellation) =
                ("queued", null, state.Now, state.Now, new CancellationTokenSource());
            var before = run.Jobs.GetValueOrDefault(run.Attempt - 1) ?? [];
            run.Jobs[run.Attempt] = [.. run.Workflow.Jobs.Select(
                job => jobs.Contains(job) ? Make(run, job) : before.First(b => b.Definition == job))];
        }
        Tell(run, "requested");
        _ = PlayAsync(run, jobs);
    }

    private StoredJob Make(StoredRun run, WorkflowJob job)
    {
        var made = new StoredJob(state.NextId(), job) { Name = job.Name is null
            ? job.Id
            : WorkflowFile.Render(job.Name, RunContext.Of(state, run)), CreatedAt = state.Now };
        made.Steps.Add(new StoredStep("Set up job"));
        made.Steps.AddRange(job.Steps.Select(step => new StoredStep(step.Name is null
            ? $"Run {step.Uses ?? step.Run?.Split('\n')[0]}"
            : WorkflowFile.Render(step.Name, RunContext.Of(state, run)))));
        made.Steps.Add(new StoredStep("Complete job"));
        return made;
    }

    private async Task PlayAsync(StoredRun run, IReadOnlyList<WorkflowJob> jobs)
    {
        var all = run.Jobs[run.Attempt];
        try
        {
            var pause = settings.Time / Math.Max(1, all.Sum(job => job.Steps.Count));
            await PauseAsync(pause, run, state.Clock);
            Set(run, () => run.Status = "in_progress");
            Tell(run, "in_progress");
            foreach (var job in InOrder(all).Where(job => jobs.Contains(job.Definition)))
            {
                await new JobPlayer(state, settings, run, job, all, pause).PlayAsync();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A mistake in the workflow, such as an expression that cannot be read.
            Set(
                run,
                () => all.ForEach(job => (job.Status, job.Conclusion) = ("completed", job.Conclusion ?? "failure")));
        }
        Set(run, () =>
        {
            run.Status = "completed";
            run.Conclusion =
                run.Cancellation.IsCancellationRequested ? "cancelled" : all.Exists(j => j.Conclusion is "failure")
                    ? "failure"
                    : all.TrueForAll(j => j.Conclusion == "skipped") ? "skipped" : "success";
        });
        Tell(run, "completed");
    }

    /// <summary>Each after those that it needs.</summary>
    private static List<StoredJob> InOrder(List<StoredJob> jobs)
    {
        var ordered = new List<StoredJob>();
        while (ordered.Count < jobs.Count && jobs.Find(j => !ordered.Contains(j)
            && j.Definition.Needs.All(n => ordered.Exists(o => o.Definition.Id == n))) is { } next) ordered.Add(next);
        return ordered;
    }

    public static async Task PauseAsync(TimeSpan time, StoredRun run, TimeProvider? clock = null)
    {
        if (time <= TimeSpan.Zero || run.Cancellation.IsCancellationRequested) return;
        try
        {
            await Task.Delay(time, clock ?? TimeProvider.System, run.Cancellation.Token)
                .ConfigureAwait(ConfigureAwaitOptions.None);
        }
        catch (OperationCanceledException)
        {
            // What follows looks at the cancellation.
        }
    }

    public static byte[] Zip(string name, string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(zip.CreateEntry(name).Open()))
            writer.Write(text);
        return bytes.ToArray();
    }

    private void Set(StoredRun run, Action change)
    {
        lock (run)
        {
            change();
            run.UpdatedAt = state.Now;
        }
    }

    private void Tell(StoredRun run, string action) =>
        state.Happenings.Tell("workflow_run", run.Repository, new JsonObject
        {
            ["action"] = action, ["workflow_run"] = RunShape.Of(state, run), ["workflow"] = RunShape.Workflow(
                state, $"{run.RepositoryJson["full_name"]}", run.WorkflowId, run.Workflow.Path, run.Workflow.Name,
                "active"),
            ["repository"] = run.RepositoryJson.DeepClone(), ["sender"] = UserShape.Simple(state, run.Actor),
        });
}

/// <summary>How runs are played.</summary>
internal sealed class PipelineSettings
{
    public TimeSpan Time { get; set; }

    public TimeSpan AppearsAfter { get; set; }

    public bool RunsScripts { get; set; }
}
