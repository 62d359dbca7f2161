using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines;

/// <summary>One run from its first line to its last.</summary>
internal sealed class PipelineRunner(Machine machine, LiveRun run, string repository) : IDisposable
{
    private readonly CancellationTokenSource ended = new();
    private string? superseded;
    private bool started;

    /// <summary>Ends the run because somebody asked for it; one that is over stays as it is.</summary>
    public void Cancel()
    {
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in this moment.
        }
    }

    public void Dispose() => ended.Dispose();

    /// <param name="stopping">The portal stops: the run stays as it is and starts again with the next portal.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        var info = run.Start.Info;
        using var timer = new CancellationTokenSource();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, timer.Token, stopping);
        try
        {
            var path = $"{CommitFiles.Workflows}/{info.Workflow}";
            var files = await new CommitFiles(repository, info.Commit).ReadWorkflowsAsync(all.Token);
            if (!files.TryGetValue(path, out var text))
            {
                throw new WorkflowException(path, 0, $"there is no such workflow in the commit {info.Commit}.");
            }
            ExpressionBudget.BeginRun();
            var workflow = WorkflowParser.Parse(path, text);
            var inputs = WorkflowInputs.Of(workflow.Inputs, name => run.Start.Inputs?.GetValueOrDefault(name), null);
            using var group = await EnterGroupAsync(workflow, inputs, all.Token);
            var execution = new WorkflowExecution(machine, run, repository, files)
            {
                Started = () => Start(timer),
            };
            var status = await execution.RunAsync(workflow, inputs, all.Token);
            if (!stopping.IsCancellationRequested) Finish(status, timer.IsCancellationRequested);
        }
        catch (WorkflowException wrong)
        {
            run.Log.Write(info.Workflow, $"##[error]{wrong.Message}", own: true);
            run.End(PipelineStatus.Failed, wrong.Message);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Finish(PipelineStatus.Cancelled, timer.IsCancellationRequested);
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    private void Start(CancellationTokenSource timer)
    {
        lock (ended)
        {
            if (started) return;
            started = true;
        }

        timer.CancelAfter(TimeSpan.FromMinutes(machine.Options.RunTimeoutMinutes));
        run.Begin();
    }

    private void Finish(PipelineStatus status, bool timedOut)
    {
        if (timedOut && !ended.IsCancellationRequested)
        {
            var sentence = $"The run took longer than {machine.Options.RunTimeoutMinutes} minutes and was ended.";
            run.Log.Write(run.Start.Info.Workflow, $"##[error]{sentence}", own: true);
            run.End(PipelineStatus.Failed, sentence);
            return;
        }

        if (ended.IsCancellationRequested) status = PipelineStatus.Cancelled;
        if (status == PipelineStatus.Cancelled)
        {
            run.Log.Write(run.Start.Info.Workflow, superseded ?? "The run was cancelled.", own: true);
        }
        run.End(status, run.Failure ?? "A job failed.");
    }

    private async Task<IDisposable?> EnterGroupAsync(
        Workflow workflow, ExprObject inputs, CancellationToken cancellation)
    {
        if (workflow.Concurrency is not { } concurrency) return null;
        var scope = new ExpressionScope(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["github"] = GitHubContext.Make(run.Start, workflow, machine.ServerUrl()), ["inputs"] = inputs,
            ["vars"] = new ExprObject(),
        });
        var name = TextTemplate.Render(concurrency.Group, scope);
        var cancel = concurrency.CancelInProgress is { } text
            && Coercion.ToText(TextTemplate.Evaluate(text, scope)) == "true";
        var place = await machine.Concurrency.EnterAsync(
            run.Start.Info.Repository, name, cancel, Supersede, cancellation);
        if (place is not null) return place;
        superseded = $"A newer run of the concurrency group '{name}' took the place of this one.";
        throw new OperationCanceledException();

        void Supersede()
        {
            superseded = $"A newer run of the concurrency group '{name}' ended this one.";
            Cancel();
        }
    }
}
