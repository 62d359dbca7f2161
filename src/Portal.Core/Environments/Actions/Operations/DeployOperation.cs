using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>
/// <c>environment:deploy</c>: puts what a pipeline run built into an environment. What does not become healthy leaves
/// the old version serving. Undoing deploys the version from before.
/// </summary>
public sealed class DeployOperation(
    ProviderRegistry providers, OperationRecords records, EnvironmentVersions versions, DeploymentRecords deployments)
    : EnvironmentOperation(providers, records)
{
    public static readonly OperationName Words = new("Deploy", "deployed");

    /// <summary>What cannot be done to one that is stopped.</summary>
    internal const string DeployWhenStopped = "deployed to; start it first";

    public override OperationName Name => Words;

    internal override EnvironmentChange Change => EnvironmentChange.Changed;

    internal override string Summary =>
        "Puts what a pipeline run built into an environment, and waits until it is healthy.";

    internal override JsonObject Input => ActionSchema.Parse("""
        { "pipelineRun": { "type": "string", "minLength": 1, "title": "Pipeline run",
          "description": "Of the environment's own repository; its artifact named app is deployed." } }
        """);

    internal override IReadOnlyList<string> Required => ["pipelineRun"];

    internal override IReadOnlyList<string> Example => ["pipelineRun: ${{ steps.pipeline.output.pipelineRun }}"];

    internal override OperationArgs ArgsOf(PortalEnvironment environment, JsonObject input) =>
        base.ArgsOf(environment, input) with { PipelineRun = input.Text("pipelineRun") };

    internal override Task<Error?> WhyNotAsync(
        PortalEnvironment environment, JsonObject input, CancellationToken cancellation) =>
        deployments.WhyNotAsync(environment, input.Text("pipelineRun")!, cancellation);

    public override PlannedEffect Describe(OperationArgs args) =>
        new(Words.Verb, "version", $"of pipeline run {args.PipelineRun} to environment {args.Title}", args.Provider);

    protected override async Task<OperationResult> ChangeAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        // Not the version's fault, so it is no attempt.
        if (await Records.FindAsync(args.Environment, cancellation) is { Status: EnvironmentStatus.Stopped } stopped)
        {
            throw new ProviderException(EnvironmentErrors.WrongState(stopped, DeployWhenStopped));
        }
        await deployments.BeginAsync(context.Actor, args, cancellation);
        try
        {
            var info = await DeployAsync(args, args.PipelineRun!, cancellation);
            return OperationResult.Of(await deployments.SucceedAsync(context, args, info, cancellation));
        }
        catch (ProviderException e)
        {
            await deployments.FailAsync(context, args, e.Message, tryAgain: e.IsTransient);
            throw;
        }
        catch (OperationCanceledException)
        {
            await deployments.FailAsync(context, args, "It was ended before it was done.", tryAgain: false);
            throw;
        }
    }

    protected override Restore RestoreOf(
        EffectContext context, OperationArgs args, StateBefore before, PortalEnvironment now)
    {
        if (before.PipelineRun is not { } run)
        {
            return Restore.Not($"The environment {args.Title} ran no version before.");
        }
        if (now.PipelineRunId != args.PipelineRun)
        {
            return Restore.Not($"The environment {args.Title} runs another version by now.");
        }
        if (run == args.PipelineRun) return Restore.Not($"The environment {args.Title} ran the same version before.");
        return new Restore(
            $"The environment {args.Title} gets its version from before again.",
            async cancellation =>
            {
                var info = await DeployAsync(args, run, cancellation);
                await deployments.TakeBackAsync(context, args, info, cancellation);
            });
    }

    private async Task<EnvironmentInfo> DeployAsync(OperationArgs args, string run, CancellationToken cancellation)
    {
        var now = await NowAsync(args, cancellation);
        if (now.PipelineRunId == run && now.Status == EnvironmentStatus.Running) return now;
        var repository = RepositoryName.Parse(args.Repository);
        var version = await versions.OfAsync(args.RepositoryProvider, repository, run, cancellation);
        return await Host(args).DeployAsync(args.Environment, version, cancellation);
    }
}
