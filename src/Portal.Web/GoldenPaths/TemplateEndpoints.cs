using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.GoldenPaths;

internal static class TemplateEndpoints
{
    internal static readonly Error NoReference =
        Error.Invalid(
            "template-invalid", "Write template as an entity reference, for example template:default/static-site.");

    public static void MapTemplatesApi(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("Templates");
        templates.MapGet("", ListAsync).Named("listTemplates", "All templates, those with errors included");
        templates.MapGet("/{ns}/{name}", FindAsync).Named("getTemplate", "One template with its form");
        templates.MapPost("/{ns}/{name}/plan", PlanAsync).LimitPlans()
            .Named("planTemplate", "What creating from it would make and cost; touches nothing")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example("""{"values": {"name": "price-list", "owner": "group:default/orders"}}""");
        api.MapGet("/actions", ActionsAsync).WithTags("Templates")
            .Named("listActions", "What the steps of a template can do");
    }

    private static async Task<Results<Ok<Listed<TemplateSummary>>, Problem>> ListAsync(
        Caller caller, ReadTemplates read, CancellationToken cancellation) =>
        (await read.ListAsync(caller, cancellation)).ToList(TemplateSummary.Of);

    private static async Task<Results<Ok<TemplateDetails>, Problem>> FindAsync(
        string ns, string name, Caller caller, ReadTemplates read, CancellationToken cancellation) =>
        (await read.FindAsync(new EntityRef("template", ns, name), caller, cancellation)).ToOk(TemplateDetails.Of);

    private static async Task<Results<Ok<TemplatePlan>, Problem>> PlanAsync(
        string ns, string name, PlanRequest body, Caller caller, ReadTemplates read, PlanRun plan, FreeNames names,
        CancellationToken cancellation)
    {
        var found = await read.FindVersionAsync(new EntityRef("template", ns, name), null, caller, cancellation);
        if (!found.TryGet(out var version, out var missing)) return missing.ToProblem();
        var completed = SubmittedForm.Complete(version.Form, body.Values ?? [], body.Secrets);
        if (!completed.TryGet(out var form, out var invalid)) return invalid.ToProblem();
        var planned = await plan.PlanAsync(
            version.Propose(form.Values, form.Secrets, caller.Actor.Ref), caller, cancellation);
        if (!planned.TryGet(out var shown, out var unplannable)) return unplannable.ToProblem();
        var free = await names.CheckAsync(shown, form.Values, cancellation);
        return TypedResults.Ok(TemplatePlan.Of(version.TreeHash, shown, free.Error));
    }

    private static async Task<Results<Ok<Listed<ActionDescription>>, Problem>> ActionsAsync(
        Caller caller, ReadTemplates read, CancellationToken cancellation) =>
        (await read.ActionsAsync(caller, cancellation)).ToList(a => a);

    internal sealed record PlanRequest(JsonObject? Values, JsonObject? Secrets);
}
