using System.Globalization;
using Portal.Providers.Local.Pipelines.Expressions;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>Plays one job: its steps, their results and its log.</summary>
internal sealed class JobPlayer(
    WorldState state, PipelineSettings settings, StoredRun run, StoredJob job, IReadOnlyList<StoredJob> all,
    TimeSpan pause)
{
    private bool failed;

    private RunningStatus Status => run.Cancellation.IsCancellationRequested
        ? RunningStatus.Cancelled
        : failed ? RunningStatus.Failure : RunningStatus.Success;

    private IEnumerable<StoredJob> Needed => all.Where(other => job.Definition.Needs.Contains(other.Definition.Id));

    public async Task PlayAsync()
    {
        failed = Needed.Any(n => n.Conclusion != "success");
        if (!WorkflowFile.IsTrue(job.Definition.If, RunContext.Of(state, run, Status)))
        {
            Change(() => End(Status == RunningStatus.Cancelled ? "cancelled" : "skipped"));
            return;
        }
        failed = false;
        Change(() => (job.Status, job.StartedAt) = ("in_progress", state.Now));
        for (var i = 0; i < job.Steps.Count; i++) await StepAsync(
            job.Steps[i], i == 0 || i == job.Steps.Count - 1 ? null : job.Definition.Steps[i - 1]);
        Change(() => End(run.Cancellation.IsCancellationRequested ? "cancelled" : failed ? "failure" : "success"));
    }

    private async Task StepAsync(StoredStep step, WorkflowStep? definition)
    {
        if (definition is not null && !WorkflowFile.IsTrue(definition.If, RunContext.Of(state, run, Status)))
        {
            Change(() => (step.Status, step.Conclusion) =
                ("completed", Status == RunningStatus.Cancelled ? "cancelled" : "skipped"));
            return;
        }
        Change(() => (step.Status, step.StartedAt) = ("in_progress", state.Now));
        await Simulation.PauseAsync(pause, run, state.Clock);
        var passed = definition is null
            ? Edge(step)
            : definition.Run is { } script ? await ScriptAsync(script) : Use(definition);
        Change(() =>
        {
            // What has failed may be cancelled in the same moment; what has not, is cut short.
            var conclusion = !passed ? run.Cancellation.IsCancellationRequested ? "cancelled" : "failure" : "success";
            (step.Status, step.Conclusion, step.CompletedAt) = ("completed", conclusion, state.Now);
        });
        failed |= !passed && definition?.ContinueOnError != true;
    }

    private bool Edge(StoredStep step)
    {
        Log(step.Name == "Set up job" ? "Current runner version: '2.330.0'" : "Cleaning up orphan processes");
        return true;
    }

    private bool Use(WorkflowStep step)
    {
        Log($"##[group]Run {step.Uses}");
        Log("##[endgroup]");
        if (step.Uses!.StartsWith("actions/checkout@", StringComparison.Ordinal))
        {
            Log($"Syncing repository: {run.RepositoryJson["full_name"]}");
        }
        if (step.Uses.StartsWith("actions/upload-artifact@", StringComparison.Ordinal)) Upload(step);
        return true;
    }

    private void Upload(WorkflowStep step)
    {
        var name = WorkflowFile.Render(step.With.GetValueOrDefault("name") ?? "artifact", RunContext.Of(state, run));
        Change(() =>
        {
            run.Artifacts.RemoveAll(a => a.Name == name);
            run.Artifacts.Add(new StoredArtifact(
                state.NextId(), name,
                Simulation.Zip($"{name}.txt", $"{step.With.GetValueOrDefault("path")} of run {run.Id}\n"), state.Now));
        });
        Log($"Artifact {name} has been successfully uploaded!");
    }

    private async Task<bool> ScriptAsync(string script)
    {
        var text = WorkflowFile.Render(script, RunContext.Of(state, run, Status));
        Log($"##[group]Run {text.Split('\n')[0]}");
        foreach (var line in text.TrimEnd('\n').Split('\n')) Log(line);
        Log("shell: /usr/bin/bash -e {0}");
        Log("##[endgroup]");
        var status = settings.RunsScripts
            ? await StepScript.RunAsync(text, Log, run.Cancellation.Token)
            : await StepScript.PretendAsync(
            text, Log, time => Simulation.PauseAsync(time, run, state.Clock),
            () => run.Cancellation.IsCancellationRequested);
        if (status == 0) return true;
        Log(run.Cancellation.IsCancellationRequested
            ? "##[error]The operation was canceled."
            : $"##[error]Process completed with exit code {status}.");
        return false;
    }

    private void Log(string line) => Change(() => job.Log.Add(
        $"{state.Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture)}Z {line}"));

    private void End(string conclusion)
    {
        job.StartedAt ??= state.Now;
        (job.Status, job.Conclusion, job.CompletedAt) = ("completed", conclusion, state.Now);
    }

    private void Change(Action change)
    {
        lock (run)
        {
            change();
            run.UpdatedAt = state.Now;
        }
    }
}
