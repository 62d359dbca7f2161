using Microsoft.Extensions.Hosting;
using Portal.Core.Catalog.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Delivery.Actions;

/// <summary><c>pipeline:run</c>: starts a pipeline and waits for its end.</summary>
/// <param name="lifetime">Tells a run that is cancelled from a portal that stops: then the pipeline goes on.</param>
public sealed class PipelineRunAction(
    ProviderRegistry providers, PipelineTriggerEffect effect, TimeProvider time,
    IHostApplicationLifetime? lifetime = null) : IAction
{
    public ActionDescription Description { get; } = new(
        "pipeline:run",
        "Starts a pipeline of a repository and waits until it has passed; one that fails, fails the step.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["repository"], "additionalProperties": false,
          "properties": {
            "repository": { "type": "string", "minLength": 1, "title": "Repository", "description": "organisation/name, or the address to clone it from." },
            "workflow": { "type": "string", "minLength": 1, "title": "Workflow", "description": "File name below .github/workflows.", "default": "ci.yml" },
            "ref": { "type": "string", "minLength": 1, "title": "Reference", "description": "Branch, tag or SHA; the default branch unless given." },
            "wait": { "type": "boolean", "title": "Wait", "description": "Wait for its end.", "default": true },
            "timeoutMinutes": { "type": "number", "exclusiveMinimum": 0, "maximum": 360, "title": "Timeout", "description": "Minutes after which it is cancelled.", "default": 30 }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "pipelineRun": { "type": "string", "title": "Id of the pipeline run" },
            "pipelineUrl": { "type": "string", "title": "Its page" },
            "status": { "type": "string", "title": "queued, running, passed" },
            "commit": { "type": "string", "title": "SHA that it ran on" }
          }
        }
        """),
        [new ActionExample("Run the pipeline", """
            id: pipeline
            name: Run the pipeline
            action: pipeline:run
            input:
              repository: ${{ steps.publish.output.repository }}
              workflow: ci.yml
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsUnknown("repository") || context.IsUnknown("workflow"))
        {
            context.LeaveToRun(Description, "Start", "pipeline run", providers.Default<IPipelineHost>().Instance);
            return;
        }
        var input = context.Input;
        var repository = HostedRepository.Of(providers, input.Text("repository")!);
        var host = repository.Beside<IPipelineHost>(providers);
        var args = new PipelineTriggerArgs(
            host.Instance, repository.Host.Instance, repository.Name, input.Text("workflow") ?? "ci.yml",
            input.Text("ref"));
        var applied = await StartAsync(context, host, args, cancellation);
        context.TakeOutputs(applied.Outputs);
        if (applied.Result is not { } started) return;
        var minutes = input.Number("timeoutMinutes") ?? 30;
        var run = input.Flag("wait", otherwise: true)
            ? await WaitAsync(context, host, started, TimeSpan.FromMinutes(minutes), cancellation)
            : await FindAsync(host, started, cancellation);
        context.Outputs["status"] = run.Status.ToString().ToLowerInvariant();
    }

    /// <summary>
    /// A pipeline that an earlier attempt saw fail is not waited for again: a retry starts a new one.
    /// </summary>
    private async Task<Applied<PipelineTriggered>> StartAsync(
        ActionContext context, IPipelineHost host, PipelineTriggerArgs args, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = attempt == 1 ? "pipeline" : $"pipeline-{attempt}";
            var applied = await context.ApplyAsync(effect, host.Instance, name, args, cancellation);
            if (!applied.FromEarlier || applied.Result is not { } earlier) return applied;
            if (await host.FindAsync(
                earlier.PipelineRun, cancellation) is not { IsFinished: true, Status: not PipelineStatus.Passed })
            {
                return applied;
            }
        }
    }

    private async Task<PipelineRunInfo> WaitAsync(
        ActionContext context, IPipelineHost host, PipelineTriggered started, TimeSpan timeout,
        CancellationToken cancellation)
    {
        var progress = new PipelineProgress(context);
        var begun = time.GetTimestamp();
        try
        {
            while (true)
            {
                var run = await FindAsync(host, started, cancellation);
                progress.Tell(run);
                if (run.IsFinished) return Passed(context, run);
                if (time.GetElapsedTime(begun) > timeout)
                {
                    await host.CancelAsync(run.Id, cancellation);
                    throw new ActionFailedException(
                        $"The pipeline of {run.Repository} did not end within {timeout.TotalMinutes:0.#} minutes and was cancelled. Its log: /pipelines/{run.Id}");
                }
                await Task.Delay(host.PollInterval, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested
            && lifetime?.ApplicationStopping.IsCancellationRequested != true)
        {
            await host.CancelAsync(started.PipelineRun, CancellationToken.None);
            throw;
        }
    }

    private static async Task<PipelineRunInfo> FindAsync(
        IPipelineHost host, PipelineTriggered started, CancellationToken cancellation) =>
        await host.FindAsync(started.PipelineRun, cancellation)
        ?? throw new ActionFailedException(
            $"The pipeline run {started.PipelineRun} is not there any more. Start the step again.");

    private static PipelineRunInfo Passed(ActionContext context, PipelineRunInfo run)
    {
        if (run.Status == PipelineStatus.Passed)
        {
            context.Log(run.SkippedSteps == 0
                ? "The pipeline passed."
                : $"The pipeline passed, {run.SkippedSteps} {(run.SkippedSteps == 1 ? "step" : "steps")} skipped.");
            return run;
        }
        var how = run.Status switch
        {
            PipelineStatus.Cancelled => "was cancelled",
            PipelineStatus.Skipped => "had nothing to run",
            _ => "failed"
        };
        throw new ActionFailedException(
            $"The pipeline {run.Workflow} of {run.Repository} {how}{(run.Failure is null ? "." : $": {run.Failure.TrimEnd('.')}.")} Its log: /pipelines/{run.Id}");
    }

    /// <summary>Tells each change of a job or step once.</summary>
    private sealed class PipelineProgress(ActionContext context)
    {
        private readonly Dictionary<string, PipelineStatus> told = new(StringComparer.Ordinal);

        public void Tell(PipelineRunInfo run)
        {
            foreach (var job in run.Jobs)
            {
                Tell(job.Id, job.Name, job.Status, null);
                for (var i = 0; i < job.Steps.Count; i++) Tell(
                    $"{job.Id}/{i}", $"{job.Name} / {job.Steps[i].Name}", job.Steps[i].Status, job.Steps[i].Note);
            }
        }

        private void Tell(string key, string name, PipelineStatus status, string? note)
        {
            if (status == PipelineStatus.Queued || told.TryGetValue(key, out var before) && before == status) return;
            told[key] = status;
            context.Log($"{name}: {status.ToString().ToLowerInvariant()}{(note is null ? "" : $" ({note})")}",
                status == PipelineStatus.Failed ? RunEventType.Error : RunEventType.Log);
        }
    }
}
