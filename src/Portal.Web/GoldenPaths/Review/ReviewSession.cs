using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths.Wizard;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Review;

/// <summary>A draft with what would be made of it.</summary>
/// <param name="Plan">Null when it cannot be planned yet: <see cref="Problem"/> says why.</param>
/// <param name="HasNewer">The template changed since this version was chosen for the review.</param>
internal sealed record ReviewedDraft(
    Draft Draft, TemplateVersion Version, JsonObject Values, JsonObject Secrets, RunPlan? Plan, Error? Problem,
    bool SecretsLost, bool HasNewer);

/// <summary>Plans a draft at the version that is reviewed, keeps that version, and makes exactly it.</summary>
internal sealed class ReviewSession(
    TemplateCatalogue catalogue, Drafts drafts, PlanRun planner, FreeNames checks, CreateFromTemplate create,
    People people, ReadTemplates templates,
    CircuitSecrets secrets, CurrentActor current, PlanLimits limits)
{
    public async Task<Result<ReviewedDraft>> LoadAsync(EntityRef template, Guid id, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        if (!(await drafts.FindAsync(id, actor, cancellation)).TryGet(out var draft, out var gone)) return gone;
        if (!(await VersionAsync(template, draft, actor, cancellation)).TryGet(out var version, out var missing))
        {
            return missing;
        }
        await catalogue.StoreTreeAsync(version, cancellation);
        var values = JsonNode.Parse(draft.Values) as JsonObject ?? [];
        if (draft.ReviewedTreeHash != version.TreeHash)
        {
            await drafts.SaveAsync(id, values, draft.Page, version.TreeHash, actor, cancellation);
        }
        var kept = secrets.Of(id);
        var lost = kept.Count == 0 && version.Form.Resolve(values).Fields.Any(f => f.IsSecret);
        var reviewed = new ReviewedDraft(
            draft, version, values, kept, null, null, lost, await HasNewerAsync(template, version));
        if (!SubmittedForm.Complete(version.Form, values, kept).TryGet(out var form, out var invalid))
        {
            return reviewed with { Problem = invalid };
        }
        var planned = await limits.CountAsync(actor, async () =>
            await planner.PlanAsync(
                version.Propose(form.Values, form.Secrets, actor.Ref), actor, cancellation,
                await people.DescriptorAsync(actor.Ref, cancellation)));
        if (!planned.TryGet(out var plan, out var unplannable)) return reviewed with { Problem = unplannable };
        var free = await checks.CheckAsync(plan, form.Values, cancellation);
        return reviewed with { Values = form.Values, Plan = plan, Problem = free.Error };
    }

    /// <summary>Takes the template as it is on disk now for the review.</summary>
    public async Task<Result<Done>> TakeNewestAsync(
        EntityRef template, ReviewedDraft reviewed, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        if (!(await templates.FindVersionAsync(template, null, actor, cancellation))
            .TryGet(out var newest, out var missing)) return missing;
        await catalogue.StoreTreeAsync(newest, cancellation);
        var draft = reviewed.Draft;
        return await drafts.SaveAsync(draft.Id, JsonNode.Parse(draft.Values)!.AsObject(), draft.Page, newest.TreeHash,
            actor, cancellation);
    }

    public async Task<bool> HasNewerAsync(EntityRef template, TemplateVersion reviewed) =>
        (await catalogue.FindVersionAsync(template, CancellationToken.None)).TryGet(out var now, out _)
            && now.TreeHash != reviewed.TreeHash;

    /// <summary>The run; its draft is used up.</summary>
    public async Task<Result<Guid>> CreateAsync(ReviewedDraft reviewed, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var request = new CreateRequest(
            reviewed.Version.Ref, reviewed.Values, reviewed.Secrets.DeepClone().AsObject(), reviewed.Version.TreeHash);
        var started = await limits.CountAsync(actor, () => create.ExecuteAsync(request, actor, cancellation));
        if (started.IsOk)
        {
            secrets.Forget(reviewed.Draft.Id);
            await drafts.DeleteAsync(reviewed.Draft.Id, actor, CancellationToken.None);
        }
        return started;
    }

    private async Task<Result<TemplateVersion>> VersionAsync(
        EntityRef template, Draft draft, Actor actor, CancellationToken cancellation)
    {
        var reviewed = await templates.FindVersionAsync(template, draft.ReviewedTreeHash, actor, cancellation);
        // A version that nobody kept is gone with the edit; then the present one is what there is to review.
        return reviewed.Error is { Code: "template-changed" }
            ? await templates.FindVersionAsync(template, null, actor, cancellation) : reviewed;
    }
}
