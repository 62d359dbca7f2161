using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>Runs the steps of a job or of a composite action, one after the other.</summary>
internal sealed class StepRunner(JobContext job)
{
    private const int MaxDepth = 10;

    /// <param name="begin">Told at the begin of a step: its place and name.</param>
    /// <param name="end">Told at its end.</param>
    public async Task RunAllAsync(
        IReadOnlyList<Step> steps, StepFrame frame, Action<int, string>? begin, Action<int, StepResult>? end,
        CancellationToken cancellation)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var place = i;
            var result = cancellation.IsCancellationRequested
                ? new StepResult(PipelineStatus.Cancelled)
                : await RunOneAsync(step, frame, name => begin?.Invoke(place, name), cancellation);
            end?.Invoke(i, result);
        }
    }

    /// <summary>What a step is called as long as its name cannot be evaluated.</summary>
    public static string NameOf(Step step) =>
        step.Name?.Text ?? (step.Uses is { } uses ? $"Run {uses.Text}" : $"Run {ScriptStep.FirstLine(step.Run!.Text)}");

    private async Task<StepResult> RunOneAsync(
        Step step, StepFrame frame, Action<string> begin, CancellationToken cancellation)
    {
        var name = NameOf(step);
        var outputs = new ExprObject();
        StepResult result;
        var ignored = false;
        try
        {
            var context = Prepare(step, frame, outputs, ref name);
            if (context is null)
            {
                result = new StepResult(PipelineStatus.Skipped);
            }
            else
            {
                ignored = IsTrue(step.ContinueOnError, context.Scope());
                begin(name);
                result = await RunAsync(context, cancellation);
            }
        }
        catch (WorkflowException wrong)
        {
            result = StepResult.Failed(wrong.Message);
        }
        catch (Exception failed) when (
            failed is IOException or InvalidDataException or UnauthorizedAccessException
                or ProviderException or Files.PathOutsideException)
        {
            result = StepResult.Failed(failed.Message);
        }

        if (cancellation.IsCancellationRequested && result.Status == PipelineStatus.Failed)
        {
            result = new StepResult(PipelineStatus.Cancelled);
        }
        return Conclude(step, frame, name, outputs, result, ignored);
    }

    private StepResult Conclude(
        Step step, StepFrame frame, string name, ExprObject outputs, StepResult result, bool ignored)
    {
        var outcome = result.Status;
        if (outcome == PipelineStatus.Failed)
        {
            job.Log(name, $"##[error]{result.Note}{(ignored ? " (ignored: continue-on-error)" : "")}");
            if (ignored)
            {
                result = result with { Status = PipelineStatus.Passed, Note = $"failed, but may: {result.Note}" };
            }
            else job.Status = RunningStatus.Failure;
        }
        else if (result.NotAvailable > 0 && outcome == PipelineStatus.Skipped)
        {
            job.Log(name, $"Skipped: {result.Note}");
        }

        if (step.Id is { } id)
        {
            frame.Steps[id] = new ExprObject
            {
                ["outputs"] = outputs, ["outcome"] = StepResult.Word(outcome),
                ["conclusion"] = StepResult.Word(result.Status),
            };
        }

        return result;
    }

    /// <summary>Null when its condition says no.</summary>
    private StepContext? Prepare(Step step, StepFrame frame, ExprObject outputs, ref string name)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var env = new ExprObject();
        foreach (var (key, value) in job.Env) env[key] = value;
        foreach (var (key, value) in step.Env)
        {
            env[key] = environment[key] = TextTemplate.Render(value, job.Scope(frame));
        }
        var scope = job.Scope(frame, env);
        if (!TextTemplate.Condition(step.If, scope)) return null;
        if (step.Name is { } given) name = TextTemplate.Render(given, scope);
        var with = step.With.ToDictionary(
            w => w.Key, w => TextTemplate.Render(w.Value, scope), StringComparer.OrdinalIgnoreCase);
        TimeSpan? timeout = step.TimeoutMinutes is { } minutes ? Minutes(minutes, scope) : null;
        return new StepContext(job, step, frame, name, environment, with, outputs, timeout);
    }

    private async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellation)
    {
        var files = job.Folders.NextCommandFiles();
        context.Files = files;
        foreach (var (key, value) in files.Variables) context.Environment[key] = value;
        if (context.Frame.ActionPath is { } path) context.Environment["GITHUB_ACTION_PATH"] = path;
        context.Environment["GITHUB_ACTION"] = context.Step.Id ?? "__run";
        var result = context.Step.Uses is { } uses
            ? await UseAsync(context, uses, cancellation) : await ScriptStep.RunAsync(context, cancellation);
        foreach (var (key, value) in files.Outputs) context.Outputs[key] = value;
        foreach (var (key, value) in files.Environment) Set(key, value);
        foreach (var added in files.Paths) job.Paths.Insert(0, added);
        if (files.Summary is { Length: > 0 } summary)
        {
            context.Log("##[group]Summary");
            foreach (var line in summary.TrimEnd().Split('\n')) context.Log(line);
            context.Log("##[endgroup]");
        }

        return result;
    }

    /// <summary>What a step wrote to GITHUB_ENV. GitHub's own variables cannot be changed by it.</summary>
    private void Set(string name, string value)
    {
        if (name.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("RUNNER_", StringComparison.OrdinalIgnoreCase)) return;
        job.Env[name] = job.Environment[name] = value;
    }

    private async Task<StepResult> UseAsync(StepContext context, SourceText uses, CancellationToken cancellation)
    {
        if (ActionTable.IsLocal(uses.Text)) return await UseLocalAsync(context, uses, cancellation);
        return ActionTable.Find(uses.Text) is { } action
            ? await action(context, cancellation) : StepResult.Unavailable(ActionTable.NameOf(uses.Text));
    }

    private async Task<StepResult> UseLocalAsync(StepContext context, SourceText uses, CancellationToken cancellation)
    {
        if (context.Frame.Depth >= MaxDepth)
        {
            return StepResult.Failed($"local actions are nested more than {MaxDepth} deep");
        }
        var folder = Files.WorkspaceFiles.Normalise(job.Folders.Workspace, uses.Text);
        var path = folder == "**" ? "" : folder + "/";
        string? text = null;
        var file = "";
        foreach (var candidate in (string[])["action.yml", "action.yaml"])
        {
            file = path + candidate;
            text ??= await job.Files.ReadAsync(file, cancellation);
            if (text is not null) break;
        }

        if (text is null) return StepResult.Failed($"there is no {path}action.yml in the repository");
        var action = WorkflowParser.ParseAction(file, text);
        var inputs = new ExprObject();
        foreach (var (key, input) in action.Inputs)
        {
            inputs[key] = context.With.TryGetValue(key, out var given)
                ? given : input.Default is { } standard ? TextTemplate.Render(standard, context.Scope()) : "";
        }

        return await RunCompositeAsync(context, action, inputs, cancellation);
    }

    private async Task<StepResult> RunCompositeAsync(
        StepContext context, CompositeAction action, ExprObject inputs, CancellationToken cancellation)
    {
        var frame = new StepFrame(
            [], inputs, Path.Combine(job.Folders.Workspace, Path.GetDirectoryName(action.File) ?? ""),
            context.Frame.Depth + 1);
        var before = job.Status;
        var (failed, skipped) = ((StepResult?)null, 0);
        // Its steps see their own failures; the job sees one step.
        job.Status = RunningStatus.Success;
        await RunAllAsync(action.Steps, frame, null, (_, result) =>
        {
            if (result.Status is PipelineStatus.Failed or PipelineStatus.Cancelled) failed ??= result;
            skipped += result.NotAvailable;
        }, cancellation);
        job.Status = before;
        foreach (var (key, value) in action.Outputs)
        {
            context.Outputs[key] = TextTemplate.Render(value, job.Scope(frame));
        }
        return (failed ?? StepResult.Passed) with { NotAvailable = skipped };
    }

    private static bool IsTrue(SourceText? text, ExpressionScope scope) =>
        text is not null && TextTemplate.Evaluate(text, scope) is true or "true";

    internal static TimeSpan Minutes(SourceText text, ExpressionScope scope)
    {
        var minutes = Coercion.ToNumber(TextTemplate.Evaluate(text, scope));
        return minutes is > 0 and < 100_000
            ? TimeSpan.FromMinutes(minutes)
            : throw new WorkflowException(text.File, text.Line, "timeout-minutes must be a number above 0.");
    }
}
