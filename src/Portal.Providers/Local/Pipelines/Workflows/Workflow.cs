using Portal.Providers.Local.Pipelines.Expressions;
using YamlDotNet.RepresentationModel;

namespace Portal.Providers.Local.Pipelines.Workflows;

/// <summary>A parsed <c>.github/workflows/*.yml</c>.</summary>
/// <param name="File">Its path in the repository.</param>
/// <param name="Push">Null: does not start on a push.</param>
internal sealed record Workflow(
    string File, string Name, PushFilter? Push, bool IsCallable, SourceText? RunName,
    IReadOnlyDictionary<string, InputDefinition> Inputs,
    IReadOnlyDictionary<string, InputDefinition> CallInputs, IReadOnlyDictionary<string, SourceText> CallOutputs,
    IReadOnlyDictionary<string, SourceText> Env, RunDefaults Defaults, Concurrency? Concurrency,
    IReadOnlyList<Job> Jobs);

internal sealed record InputDefinition(string Name, string Type, SourceText? Default, bool Required);

internal sealed record RunDefaults(SourceText? Shell, SourceText? WorkingDirectory);

internal sealed record Concurrency(SourceText Group, SourceText? CancelInProgress);

/// <param name="Uses">A reusable workflow instead of steps.</param>
/// <param name="Unsupported">Why it cannot run on this machine whatever its steps are; null otherwise.</param>
internal sealed record Job(
    string Id, int Line, SourceText? Name,
    IReadOnlyList<string> Needs, SourceText? If, IReadOnlyDictionary<string, SourceText> Env, RunDefaults Defaults,
    IReadOnlyDictionary<string, SourceText> Outputs, Strategy? Strategy, SourceText? ContinueOnError,
    SourceText? TimeoutMinutes, Concurrency? Concurrency,
    IReadOnlyList<SourceText> RunsOn, IReadOnlyList<Step> Steps, SourceText? Uses,
    IReadOnlyDictionary<string, SourceText> With,
    string? Unsupported);

/// <param name="Matrix">As written: it may hold expressions, or be one.</param>
internal sealed record Strategy(YamlNode? Matrix, SourceText? FailFast, SourceText? MaxParallel);

/// <param name="Uses">An action; exactly one of this and <paramref name="Run"/> is given.</param>
internal sealed record Step(
    int Line, string File, string? Id, SourceText? Name, SourceText? If, SourceText? Uses, SourceText? Run,
    SourceText? Shell, SourceText? WorkingDirectory,
    IReadOnlyDictionary<string, SourceText> With, IReadOnlyDictionary<string, SourceText> Env,
    SourceText? ContinueOnError, SourceText? TimeoutMinutes);

/// <summary>A local composite action, <c>action.yml</c>.</summary>
internal sealed record CompositeAction(
    string File,
    IReadOnlyDictionary<string, InputDefinition> Inputs, IReadOnlyDictionary<string, SourceText> Outputs,
    IReadOnlyList<Step> Steps);
