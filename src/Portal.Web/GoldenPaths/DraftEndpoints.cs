using System.Security.Claims;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

/// <summary>Forms that the caller is filling in, as the pages keep them: without what the form marks as secret.</summary>
internal static class DraftEndpoints
{
    public static void MapDraftsApi(this IEndpointRouteBuilder api)
    {
        var drafts = api.MapGroup("/drafts").WithTags("Templates");
        drafts.MapPost("", async (NewDraft body, ClaimsPrincipal person, People people, Drafts store, CancellationToken cancellation) =>
        {
            if (!EntityRef.TryParse(body.Template, "template", out var template))
                return TemplateEndpoints.NoReference.ToProblem();
            var made = await store.CreateAsync(template.Value, body.Values ?? [], await people.ActorAsync(person, cancellation), cancellation);
            return made.TryGet(out var draft, out var error) ? Results.Created($"/api/v1/drafts/{draft.Id}", Show(draft)) : error.ToProblem();
        }).WithSummary("Keep a form's values");
        drafts.MapGet("/{id:guid}", async (Guid id, ClaimsPrincipal person, People people, Drafts store, CancellationToken cancellation) =>
            (await store.FindAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToOk(Show)).WithSummary("A draft of yours");
        drafts.MapPut("/{id:guid}", async (Guid id, DraftValues body, ClaimsPrincipal person, People people, Drafts store, CancellationToken cancellation) =>
            (await store.SaveAsync(id, body.Values, body.Page, null, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent())
            .WithSummary("Replace its values");
        drafts.MapDelete("/{id:guid}", async (Guid id, ClaimsPrincipal person, People people, Drafts store, CancellationToken cancellation) =>
        {
            await store.DeleteAsync(id, await people.ActorAsync(person, cancellation), cancellation);
            return Results.NoContent();
        }).WithSummary("Throw it away");
    }

    private static object Show(Draft d) => new { d.Id, d.Template, values = JsonNode.Parse(d.Values), d.Page, d.UpdatedAt };

    internal sealed record NewDraft(string Template, JsonObject? Values);

    internal sealed record DraftValues(JsonObject Values, int Page);
}
