using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Workflows;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>One step while it runs.</summary>
/// <param name="Environment">What the step adds to the job's variables.</param>
/// <param name="With">Its evaluated inputs; names without regard to case.</param>
/// <param name="Outputs">What it sets: <c>steps.ID.outputs</c>.</param>
internal sealed record StepContext(
    JobContext Job, Step Step, StepFrame Frame, string Name,
    Dictionary<string, string> Environment, IReadOnlyDictionary<string, string> With,
    ExprObject Outputs, TimeSpan? Timeout)
{
    /// <summary>By which it answers; set when it begins.</summary>
    public CommandFiles? Files { get; set; }

    public ExpressionScope Scope()
    {
        var env = new ExprObject();
        foreach (var (name, value) in Job.Env) env[name] = value;
        foreach (var name in Step.Env.Keys) env[name] = Environment.GetValueOrDefault(name);
        return Job.Scope(Frame, env);
    }

    public string? Input(string name) =>
        With.TryGetValue(name, out var value) && value.Trim().Length > 0 ? value.Trim() : null;

    public bool Flag(string name) => string.Equals(Input(name), "true", StringComparison.OrdinalIgnoreCase);

    public void Log(string line) => Job.Log(Name, line);

    public Task<ProcessExit> RunAsync(
        IReadOnlyList<string> command, Action<string>? line, CancellationToken cancellation, string? folder = null) =>
        Job.RunAsync(command, folder ?? Job.Folders.Workspace, Environment, line ?? Log, Timeout, cancellation, Files);

    /// <summary>Says how a process ended; null when it went well.</summary>
    public StepResult ResultOf(ProcessExit exit, string? firstError) => exit.End switch
    {
        ProcessEnd.TimedOut =>
            StepResult.Failed($"took longer than {Timeout!.Value.TotalMinutes:0.##} minutes and was ended"),
        ProcessEnd.Cancelled => new StepResult(Core.Providers.PipelineStatus.Cancelled),
        _ when Job.Exceeded is { } why => StepResult.Failed($"was ended: {why}"),
        _ when exit.Code == 0 => StepResult.Passed,
        _ => StepResult.Failed(firstError is null ? $"exit code {exit.Code}" : $"exit code {exit.Code}: {firstError}"),
    };
}
