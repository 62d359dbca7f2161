using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.GoldenPaths;

/// <summary>
/// Forms that the caller is filling in, as the pages keep them: without what the form marks as secret.
/// </summary>
internal static class DraftEndpoints
{
    public static void MapDraftsApi(this IEndpointRouteBuilder api)
    {
        var drafts = api.MapGroup("/drafts").WithTags("Templates");
        drafts.MapPost("", CreateAsync).Named("createDraft", "Keep a form's values")
            .Fails(StatusCodes.Status404NotFound)
            .Example("""{"template": "template:default/static-site", "values": {"name": "price-list"}}""");
        drafts.MapGet("/{id:guid}", FindAsync).Named("getDraft", "A draft of yours");
        drafts.MapPut("/{id:guid}", SaveAsync).Named("saveDraft", "Replace its values")
            .Example("""{"values": {"name": "price-list", "owner": "group:default/orders"}, "page": 1}""");
        drafts.MapDelete("/{id:guid}", DeleteAsync).Named("deleteDraft", "Throw it away");
    }

    private static async Task<Results<Created<DraftDetails>, Problem>> CreateAsync(
        DraftRequest body, Caller caller, Drafts store, CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(body.Template, "template", out var template))
        {
            return TemplateEndpoints.NoReference.ToProblem();
        }
        var made = await store.CreateAsync(
            template.Value, body.Values ?? [], caller, cancellation);
        return made.ToCreated(draft => $"/api/v1/drafts/{draft.Id}", DraftDetails.Of);
    }

    private static async Task<Results<Ok<DraftDetails>, Problem>> FindAsync(
        Guid id, Caller caller, Drafts store, CancellationToken cancellation) =>
        (await store.FindAsync(id, caller, cancellation)).ToOk(DraftDetails.Of);

    private static async Task<Results<NoContent, Problem>> SaveAsync(
        Guid id, DraftValues body, Caller caller, Drafts store, CancellationToken cancellation)
    {
        return (await store.SaveAsync(id, body.Values, body.Page, null, caller, cancellation)).ToNoContent();
    }

    private static async Task<NoContent> DeleteAsync(
        Guid id, Caller caller, Drafts store, CancellationToken cancellation)
    {
        await store.DeleteAsync(id, caller, cancellation);
        return TypedResults.NoContent();
    }

    /// <param name="Template">Entity reference.</param>
    internal sealed record DraftRequest(string Template, JsonObject? Values);

    /// <param name="Page">The form's page that the person is on, from 0.</param>
    internal sealed record DraftValues(JsonObject Values, int Page);

    /// <param name="Template">Key of the template.</param>
    internal sealed record DraftDetails(Guid Id, string Template, JsonNode? Values, int Page, DateTimeOffset UpdatedAt)
    {
        public static DraftDetails Of(Draft d) => new(d.Id, d.Template, JsonNode.Parse(d.Values), d.Page, d.UpdatedAt);
    }
}
