using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths;

/// <param name="ReviewedTreeHash">The template version that was reviewed; null takes the current one.</param>
public sealed record CreateRequest(
    EntityRef Template, JsonObject Values, JsonObject? Secrets = null, string? ReviewedTreeHash = null);

/// <summary>What a template's form was filled in with becomes a proposal of a run.</summary>
public sealed class CreateFromTemplate(TemplateCatalogue templates, Authorise authorise, StartRun start)
{
    /// <summary>Returns the id of the run.</summary>
    public async Task<Result<Guid>> ExecuteAsync(CreateRequest request, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.TemplateRun, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        if (!(await templates.FindVersionAsync(request.Template, request.ReviewedTreeHash, cancellation)).TryGet(
            out var template, out var unknown))
        {
            return unknown;
        }
        if (template.CannotCreate is { } why) return Error.Conflict("template-cannot-create", why);
        if (!SubmittedForm.Complete(template.Form, request.Values, request.Secrets).TryGet(
            out var form, out var invalid))
        {
            return invalid;
        }
        var proposal = new RunProposal(
            TitleOf(template, form.Values), template.Spec, form.Values, OwnerOf(form.Values, actor))
        {
            Secrets = form.Secrets, Template = template.ForRun,
        };
        return await start.ExecuteAsync(proposal, actor, cancellation);
    }

    /// <summary>
    /// Templates ask for an owner under this name by convention; without it the run belongs to who starts it.
    /// </summary>
    private static EntityRef OwnerOf(JsonObject values, Actor actor) =>
        EntityRef.Owner(Text(values, "owner")) ?? actor.Ref;

    private static string TitleOf(TemplateVersion template, JsonObject values) =>
        (Text(values, "name") ?? Text(values, "component_id")) is { Length: > 0 and <= 100 } name
            ? $"{name} from {template.Title}"
            : template.Title;

    private static string? Text(JsonObject values, string name) =>
        values[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;
}
