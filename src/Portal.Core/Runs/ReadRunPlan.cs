using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <param name="IsAsReviewed">
/// False: what it would do is another than when it was started. Values were corrected, or what it reads has changed.
/// </param>
public sealed record RunPlanView(RunPlan Plan, bool IsAsReviewed);

/// <summary>
/// What a run that waits will do, for everybody who may see the run: whoever answers for it sees what is asked. It is
/// worked out from what is pinned with the run, as the person for whom it acts would be shown it.
/// </summary>
public sealed class ReadRunPlan(ReadRuns runs, PlanRun planner, TemplateTrees trees, People people, SecretBox secrets)
{
    public async Task<Result<RunPlanView>> FindAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        if (!(await runs.FindAsync(id, actor, cancellation)).TryGet(out var view, out var refused)) return refused;
        var run = view.Run;
        if (run.IsOver || run.Status == RunStatus.Undoing) return RunErrors.PlanIsPast(run);
        var tree = run.TemplateTreeHash is { } hash ? await trees.FindAsync(hash, cancellation) : FileTree.Empty;
        if (tree is null) return RunErrors.FilesGone(run);
        var values = JsonNode.Parse(run.Values)!.AsObject();
        var person = EntityRef.Parse(run.ActsFor);
        var planned = await planner.PlanAsync(
            WalkInputs.SpecOf(run), tree, values, secrets.Open(run.Secrets),
            await people.ActorAsync(person, cancellation), WalkInputs.ProvenanceOf(run, values), cancellation,
            await people.DescriptorAsync(person, cancellation));
        return planned.TryGet(out var plan, out var unplannable)
            ? new RunPlanView(plan, run.PlanHash is null || run.PlanHash == plan.Hash)
            : unplannable;
    }
}
