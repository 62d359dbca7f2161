using System.Security.Claims;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

internal static class TemplateEndpoints
{
    internal static readonly Error NoReference =
        Error.Invalid("template-invalid", "Write template as an entity reference, for example template:default/static-site.");

    public static void MapTemplatesApi(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("Templates");
        templates.MapGet("", async (ClaimsPrincipal person, People people, Authorise authorise, TemplateCatalogue catalogue, CancellationToken cancellation) =>
            (await authorise.CheckAsync(await people.ActorAsync(person, cancellation), Permissions.TemplateRead, null, cancellation))
            .ToOk(_ => new { items = catalogue.All.Select(Show) })).WithSummary("All templates, those with errors included");
        templates.MapGet("/{ns}/{name}", async (
            string ns, string name, ClaimsPrincipal person, People people, Authorise authorise, TemplateCatalogue catalogue, CancellationToken cancellation) =>
        {
            if ((await authorise.CheckAsync(await people.ActorAsync(person, cancellation), Permissions.TemplateRead, null, cancellation)).Error is { } refused) return refused.ToProblem();
            return catalogue.Find(new EntityRef("template", ns, name)) is { } entry
                ? Results.Ok(new { template = Show(entry), form = entry.Manifest?.SpecJson["parameters"]?.DeepClone() })
                : Error.NotFound("template-not-found", $"There is no template {ns}/{name}.").ToProblem();
        }).WithSummary("One template with its form");
        templates.MapPost("/{ns}/{name}/plan", PlanAsync).LimitPlans().WithSummary("What creating from it would make and cost; touches nothing");
        api.MapGet("/actions", async (ClaimsPrincipal person, People people, Authorise authorise, ActionRegistry actions, CancellationToken cancellation) =>
            (await authorise.CheckAsync(await people.ActorAsync(person, cancellation), Permissions.TemplateRead, null, cancellation)).ToOk(_ => new { items = actions.All }))
            .WithSummary("What the steps of a template can do").WithTags("Templates");
    }

    private static async Task<IResult> PlanAsync(
        string ns, string name, PlanBody body, ClaimsPrincipal person, People people, Authorise authorise, TemplateCatalogue catalogue, PlanRun plan,
        CancellationToken cancellation)
    {
        var actor = await people.ActorAsync(person, cancellation);
        if ((await authorise.CheckAsync(actor, Permissions.TemplateRead, null, cancellation)).Error is { } refused) return refused.ToProblem();
        if (!(await catalogue.FindVersionAsync(new EntityRef("template", ns, name), cancellation)).TryGet(out var version, out var missing)) return missing.ToProblem();
        if (!SubmittedForm.Complete(version.Form, body.Values ?? [], body.Secrets).TryGet(out var form, out var invalid)) return invalid.ToProblem();
        var planned = await plan.PlanAsync(version.Propose(form.Values, form.Secrets, actor.Ref), actor, cancellation);
        return planned.ToOk(p => new
        {
            treeHash = version.TreeHash, p.Hash, p.Monthly, p.Steps, changes = p.Effects, p.Warnings,
            files = p.Files.Files.Select(f => new { f.Path, size = f.Content.Length, f.Executable }),
        });
    }

    private static object Show(TemplateEntry e) => new
    {
        reference = e.Ref.ToString(), e.Title, description = e.Manifest?.Description, tags = e.Manifest?.Tags, type = e.Manifest?.Type,
        owner = e.Manifest?.Owner?.ToString(), lifecycle = e.Manifest?.Lifecycle, successor = e.Manifest?.Successor?.ToString(), e.Source, e.CanCreate,
        e.CannotCreate, e.Errors, e.Warnings,
    };

    internal sealed record PlanBody(JsonObject? Values, JsonObject? Secrets);
}
