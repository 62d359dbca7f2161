using System.Security.Claims;
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
        ClaimsPrincipal person, People people, Authorise authorise, TemplateCatalogue catalogue,
        CancellationToken cancellation) =>
        (await MayReadAsync(authorise, await people.ActorAsync(person, cancellation), cancellation))
        .ToOk(_ => new Listed<TemplateSummary>([.. catalogue.All.Select(TemplateSummary.Of)]));

    private static async Task<Results<Ok<TemplateDetails>, Problem>> FindAsync(
        string ns, string name, ClaimsPrincipal person, People people, Authorise authorise, TemplateCatalogue catalogue,
        CancellationToken cancellation)
    {
        var actor = await people.ActorAsync(person, cancellation);
        if ((await MayReadAsync(authorise, actor, cancellation)).Error is { } refused) return refused.ToProblem();
        return catalogue.Find(new EntityRef("template", ns, name)) is { } entry
            ? TypedResults.Ok(TemplateDetails.Of(entry))
            : Error.NotFound("template-not-found", $"There is no template {ns}/{name}.").ToProblem();
    }

    private static async Task<Results<Ok<TemplatePlan>, Problem>> PlanAsync(
        string ns, string name, PlanRequest body, ClaimsPrincipal person, People people, Authorise authorise,
        TemplateCatalogue catalogue, PlanRun plan, CancellationToken cancellation)
    {
        var actor = await people.ActorAsync(person, cancellation);
        if ((await MayReadAsync(authorise, actor, cancellation)).Error is { } refused) return refused.ToProblem();
        var found = await catalogue.FindVersionAsync(new EntityRef("template", ns, name), cancellation);
        if (!found.TryGet(out var version, out var missing)) return missing.ToProblem();
        var completed = SubmittedForm.Complete(version.Form, body.Values ?? [], body.Secrets);
        if (!completed.TryGet(out var form, out var invalid)) return invalid.ToProblem();
        var planned = await plan.PlanAsync(version.Propose(form.Values, form.Secrets, actor.Ref), actor, cancellation);
        return planned.ToOk(p => TemplatePlan.Of(version.TreeHash, p));
    }

    private static async Task<Results<Ok<Listed<ActionDescription>>, Problem>> ActionsAsync(
        ClaimsPrincipal person, People people, Authorise authorise, ActionRegistry actions,
        CancellationToken cancellation) =>
        (await MayReadAsync(authorise, await people.ActorAsync(person, cancellation), cancellation))
        .ToOk(_ => new Listed<ActionDescription>([.. actions.All]));

    private static Task<Result<Done>> MayReadAsync(Authorise authorise, Actor actor, CancellationToken cancellation) =>
        authorise.CheckAsync(actor, Permissions.TemplateRead, null, cancellation);

    internal sealed record PlanRequest(JsonObject? Values, JsonObject? Secrets);
}
