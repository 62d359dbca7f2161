using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Wizard;

/// <summary>
/// Whether all that would be made of a form as it stands is free. Most of the names nobody types: the template makes
/// them of what is typed, so they are planned.
/// </summary>
internal sealed class PlannedNames(
    PlanRun planner, FreeNames names, People people, CurrentActor current, PlanLimits limits)
{
    /// <summary>
    /// Null while something of the form is missing. An error with a field is a name that is not free; with none it
    /// cannot be told, and the review and the start ask again.
    /// </summary>
    public async Task<Result<Done>?> LookAsync(
        TemplateVersion template, JsonObject values, CancellationToken cancellation)
    {
        if (!SubmittedForm.Complete(template.Form, values, null).TryGet(out var form, out _)) return null;
        var actor = await current.GetAsync(cancellation);
        var planned = await limits.CountAsync(actor, async () => await planner.PlanAsync(
            template.Propose(form.Values, form.Secrets, actor.Ref), actor, cancellation,
            await people.DescriptorAsync(actor.Ref, cancellation)));
        if (!planned.TryGet(out var plan, out var unplannable)) return unplannable with { Fields = [] };
        var free = await names.CheckAsync(plan, form.Values, cancellation);
        return free.Error is { } taken ? taken : Done.Instance;
    }
}
