using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>Walks a run's steps: the same way for a plan and for the real thing.</summary>
public sealed class StepWalk(ActionRegistry actions, IOptions<StepEnvironmentOptions> options)
{
    /// <summary>Runs what is not finished yet, in order, and renders the output.</summary>
    /// <exception cref="ActionFailedException">A step or an expression failed; the message says where and what to
    /// change.</exception>
    /// <exception cref="ProviderException">Something outside refused.</exception>
    /// <exception cref="WorkspaceException">A path or a size that a workspace does not take.</exception>
    public async Task<RunOutput> RunAsync(WalkInput input, IWalkHost host, CancellationToken cancellation)
    {
        var scope = new WalkScope(input, options.Value, host.Secrets, cancellation);
        var texts = new StepTexts(input.Template);
        for (var i = 0; i < input.Spec.Steps.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = input.Spec.Steps[i];
            var registered = actions.Find(step.Action);
            if (host.Finished(step) is { } finished)
            {
                if (finished.Status == StepStatus.Completed) End(scope, step, finished.Output, registered);
                continue;
            }
            var walked = new WalkedStep(input, host, scope, texts, step, registered, $"/spec/steps/{i}");
            await WalkAsync(walked, cancellation);
        }
        return new OutputRenderer(input, scope, texts, host).Render();
    }

    private async Task WalkAsync(WalkedStep walked, CancellationToken cancellation)
    {
        var (host, step) = (walked.Host, walked.Step);
        try
        {
            var decision = step.Each is null ? walked.Decide(null) : StepDecision.Run;
            if (decision == StepDecision.Skip)
            {
                await host.StepEndedAsync(step, StepStatus.Skipped, null, "Its condition is not met.", cancellation);
                return;
            }
            if (walked.Registered is null)
            {
                if (host is not IPlanHost plan) throw new ActionFailedException(actions.Missing(step.Action));
                plan.Planned(step, PlannedStatus.UnknownAction, actions.Missing(step.Action));
                walked.EndUnknown();
                return;
            }
            if (walked.Input.IsPlan && (decision == StepDecision.AtRun || !walked.CanIterate()))
            {
                await PlanUndecidedAsync(walked, cancellation);
                return;
            }
            var calls = walked.Prepare();
            await host.StepStartedAsync(step, cancellation);
            var output = await ExecuteAsync(walked, calls, cancellation);
            End(walked.Scope, step, output, walked.Registered);
            await host.StepEndedAsync(step, StepStatus.Completed, output, null, cancellation);
        }
        catch (Exception e) when (e is ActionFailedException or ProviderException or WorkspaceException)
        {
            await host.StepEndedAsync(step, StepStatus.Failed, null, e.Message, CancellationToken.None);
            throw;
        }
        catch (TemplateException e)
        {
            await host.StepEndedAsync(step, StepStatus.Failed, null, e.Message, CancellationToken.None);
            throw ActionFailedException.Wrong(e.Message, e);
        }
        catch (OperationCanceledException)
        {
            await host.StepEndedAsync(step, StepStatus.Cancelled, null, null, CancellationToken.None);
            throw;
        }
    }

    private static async Task<JsonNode> ExecuteAsync(
        WalkedStep walked, IReadOnlyList<ActionCall> calls, CancellationToken cancellation)
    {
        var outputs = new JsonArray();
        foreach (var call in calls)
        {
            cancellation.ThrowIfCancellationRequested();
            var context = walked.Host.CreateContext(walked.Input, walked.Step, call.Iteration, call.Input);
            await walked.Registered!.Action.ExecuteAsync(context, cancellation);
            outputs.Add(context.Outputs.DeepClone());
        }
        return walked.Step.Each is null ? outputs[0]!.DeepClone() : outputs;
    }

    /// <summary>
    /// Whether the step happens only the run will know: what it would change is shown as such, and its files are left
    /// out.
    /// </summary>
    private static async Task PlanUndecidedAsync(WalkedStep walked, CancellationToken cancellation)
    {
        var (host, step) = (walked.Host, walked.Step);
        var plan = (IPlanHost)host;
        plan.Planned(step, PlannedStatus.DecidedAtRun, "Whether and how often it runs depends on an earlier step.");
        if (step.Each is null && walked.Prepare() is [var call])
        {
            var aside = walked.Input with { Workspace = new Workspace(walked.Input.Workspace.Tree) };
            await walked.Registered!.Action.ExecuteAsync(
                host.CreateContext(aside, step, call.Iteration, call.Input), cancellation);
        }
        walked.EndUnknown();
    }

    private static void End(WalkScope scope, StepSpec step, JsonNode? output, RegisteredAction? registered)
    {
        // Iterations leave a list of outputs; templates read them as one object of lists, as in Backstage.
        var seen = output is JsonArray iterations ? Transpose(iterations) : output as JsonObject ?? [];
        scope.End(step.Id, seen, registered?.OutputNames);
    }

    private static JsonObject Transpose(JsonArray iterations)
    {
        var result = new JsonObject();
        foreach (var (name, value) in iterations.OfType<JsonObject>().SelectMany(o => o))
        {
            if (result[name] is not JsonArray list) result[name] = list = [];
            list.Add(value?.DeepClone());
        }
        return result;
    }
}
