using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Fakes;

/// <summary>Runs steps for real and keeps what happens in memory: a run without its database.</summary>
public sealed class RunningHost : IWalkHost
{
    public Guid RunId { get; init; } = Guid.CreateVersion7();

    public JsonObject Secrets { get; init; } = [];

    public Workspace Workspace { get; init; } = new();

    public Dictionary<string, FinishedStep> Earlier { get; init; } = [];

    public List<(string Step, StepStatus Status, JsonNode? Output, string? Note)> Ended { get; } = [];

    public List<string> Started { get; } = [];

    public List<(string Message, RunEventType Level)> Lines { get; } = [];

    /// <summary>The effects that were done, with their contexts, as a journal has them.</summary>
    public List<(string Kind, int Version, string Args, string? Result, EffectContext Context)> Journal { get; } = [];

    public Dictionary<string, RunSignal> Answers { get; } = [];

    public FinishedStep? Finished(StepSpec step) => Earlier.GetValueOrDefault(step.Id);

    public Task StepStartedAsync(StepSpec step, CancellationToken cancellation)
    {
        Started.Add(step.Id);
        return Task.CompletedTask;
    }

    public Task StepEndedAsync(
        StepSpec step, StepStatus status, JsonNode? output, string? note, CancellationToken cancellation)
    {
        Ended.Add((step.Id, status, output, note));
        return Task.CompletedTask;
    }

    public ActionContext CreateContext(WalkInput input, StepSpec step, int iteration, JsonObject actionInput) =>
        new Context(this, step, iteration)
        {
            Input = actionInput, Workspace = input.Workspace, Template = input.Template, RunId = input.RunId,
            Actor = input.Actor,
            Provenance = input.Provenance, IsPlan = false,
        };

    public void Log(StepSpec? step, string message, RunEventType level) => Lines.Add((message, level));

    private sealed class Context(RunningHost host, StepSpec step, int iteration) : ActionContext
    {
        public override void Log(string message, RunEventType level = RunEventType.Log) =>
            host.Lines.Add((message, level));

        public override async Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
            IEffect<TArgs, TResult> effect, string provider, string name, TArgs args, CancellationToken cancellation)
        {
            var context = new EffectContext(
                $"{RunId:N}-{step.Id}-{iteration}-{name}", RunId.ToString(), Actor, m => Log(m));
            var result = await effect.PerformAsync(context, args, cancellation);
            var json = JsonSerializer.Serialize(result, Json.Options);
            host.Journal.Add(
                (effect.Kind, effect.Version, JsonSerializer.Serialize(args, Json.Options), json, context));
            return new Applied<TResult>(result, JsonNode.Parse(json) as JsonObject ?? []);
        }

        /// <summary>There is nobody's data here.</summary>
        public override Task DemandAsync(IEnumerable<NeededRight> needs, CancellationToken cancellation) =>
            Task.CompletedTask;

        /// <summary>What a test has answered already; a wait without an answer fails the test.</summary>
        public override Task<RunSignal?> AwaitAsync(WaitRequest request, CancellationToken cancellation) =>
            Task.FromResult<RunSignal?>(host.Answers[$"{step.Id}/{iteration}/{request.Name}"]);
    }
}
