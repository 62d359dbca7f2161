using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// What a run is walked with: what was pinned with it, and its person with the rights that they have today.
/// </summary>
internal sealed class WalkInputs(TemplateTrees trees, People people, Authorise authorise)
{
    /// <exception cref="ActionFailedException">It cannot or may not go on; the message is for its person.</exception>
    public async Task<WalkInput> OfAsync(RunAttempt attempt)
    {
        var run = attempt.Run;
        var actor = await people.ActorAsync(EntityRef.Parse(run.ActsFor), attempt.Work);
        if (run.Template is not null
            && (await authorise.CheckAsync(actor, Permissions.TemplateRun, null, attempt.Work)).Error is { } refused)
        {
            throw new ActionFailedException(
                $"The run acts for {actor.Ref}, who may not run templates any more: {refused.Message}");
        }
        var tree = run.TemplateTreeHash is { } hash ? await trees.FindAsync(hash, attempt.Work) : FileTree.Empty;
        if (tree is null)
        {
            throw new ActionFailedException(RunErrors.FilesGone(run).Message);
        }
        var values = JsonNode.Parse(run.Values)!.AsObject();
        var person = await people.DescriptorAsync(actor.Ref, attempt.Work);
        return new WalkInput(
            run.Id, SpecOf(run), values, attempt.Secrets, actor, person, tree, ProvenanceOf(run, values),
            attempt.Taken.Workspace, IsPlan: false);
    }

    public static RunSpec SpecOf(Run run) => JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!;

    public static RunProvenance? ProvenanceOf(Run run, JsonObject values) => run.Template is null
        ? null
        : new RunProvenance(
            run.Template, run.TemplateSource ?? "", run.TemplateCommit, run.TemplateTreeHash ?? "",
            values.DeepClone().AsObject());
}
