using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Delivery.Actions;

/// <param name="RepositoryProvider">Who knows the default branch.</param>
/// <param name="Reference">Null = the default branch.</param>
/// <param name="Inputs">Of the workflow; null = none.</param>
public sealed record PipelineTriggerArgs(
    string Provider, string RepositoryProvider, RepositoryName Repository, string Workflow, string? Reference,
    IReadOnlyDictionary<string, string>? Inputs = null);

public sealed record PipelineTriggered(string PipelineRun, string PipelineUrl, string Commit);

/// <summary>Starts a pipeline run; its correlation lets the host start it once.</summary>
public sealed class PipelineTriggerEffect(ProviderRegistry providers) : IEffect<PipelineTriggerArgs, PipelineTriggered>
{
    public string Kind => "pipeline.trigger";

    public int Version => 1;

    public EffectClass Class => EffectClass.Trigger;

    public TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public PlannedEffect Describe(PipelineTriggerArgs args) =>
        new("Start", "pipeline run", $"{args.Workflow} of {args.Repository}", args.Provider);

    public IReadOnlyList<NeededRight> Needs(PipelineTriggerArgs args) =>
        [new RightOnRepository(args.RepositoryProvider, args.Repository, Permissions.PipelineChange)];

    public JsonObject PlanOutputs(PipelineTriggerArgs args) => new()
    {
        ["pipelineRun"] = UnknownValue.Of("the pipeline run"),
        ["pipelineUrl"] = UnknownValue.Of("the pipeline's address"),
        ["status"] = UnknownValue.Of("the pipeline's status"), ["commit"] = UnknownValue.Of("commit"),
    };

    public async Task<PipelineTriggered?> FindAsync(
        EffectContext context, PipelineTriggerArgs args, CancellationToken cancellation) =>
        await Host(args).FindByCorrelationAsync(args.Repository, context.Id, cancellation) is { } found
            ? Result(found)
            : null;

    public async Task<PipelineTriggered> PerformAsync(
        EffectContext context, PipelineTriggerArgs args, CancellationToken cancellation)
    {
        var reference = args.Reference ?? (await providers.Get<IRepositoryHost>(args.RepositoryProvider).FindAsync(
            args.Repository, cancellation))?.DefaultBranch
            ?? throw ProviderException.NotFound(
                "repository-missing",
                $"There is no repository {args.Repository}. Create it first, or correct 'repository'.");
        return Result(await Host(args).TriggerAsync(
            new TriggerPipeline(args.Repository, args.Workflow, reference, context.Id, args.Inputs), cancellation));
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, PipelineTriggerArgs args, PipelineTriggered? result, CancellationToken cancellation)
    {
        var id = result?.PipelineRun ?? (await FindAsync(context, args, cancellation))?.PipelineRun;
        var run = id is null ? null : await Host(args).FindAsync(id, cancellation);
        if (run is null) return UndoPreview.Stays($"No pipeline run of {args.Repository} is left.");
        return run.IsFinished
            ? UndoPreview.Stays(
                $"The pipeline run {args.Workflow} #{run.Number} of {args.Repository} is over; its record goes with its repository.")
            : UndoPreview.Goes($"The pipeline run {args.Workflow} #{run.Number} of {args.Repository} is cancelled.");
    }

    public async Task UndoAsync(
        EffectContext context, PipelineTriggerArgs args, PipelineTriggered? result, CancellationToken cancellation)
    {
        var id = result?.PipelineRun ?? (await FindAsync(context, args, cancellation))?.PipelineRun;
        if (id is not null) await Host(args).CancelAsync(id, cancellation);
    }

    private IPipelineHost Host(PipelineTriggerArgs args) => providers.Get<IPipelineHost>(args.Provider);

    private static PipelineTriggered Result(PipelineRunInfo run) => new(run.Id, $"/pipelines/{run.Id}", run.Commit);
}
