using System.Security.Claims;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Catalog;

internal static class CatalogEndpoints
{
    public static void MapCatalogApi(this IEndpointRouteBuilder api)
    {
        var catalog = api.MapGroup("/catalog").WithTags("Catalog");
        catalog.MapGet("/entities", async (
            [AsParameters] CatalogQuery query, ClaimsPrincipal person, People people, ReadCatalog read, CancellationToken cancellation) =>
        {
            var list = await read.ListAsync(query.ToFilter(), await people.ActorAsync(person, cancellation), cancellation);
            return list.ToOk(p => new { items = p.Items.Select(Show), total = p.Total });
        }).WithSummary("Entities that match, a page at a time");
        catalog.MapGet("/facets", async (
            [AsParameters] CatalogQuery query, ClaimsPrincipal person, People people, ReadCatalog read, CancellationToken cancellation) =>
            (await read.FacetsAsync(query.ToFilter(), await people.ActorAsync(person, cancellation), cancellation)).ToOk())
            .WithSummary("What the entities that match can be narrowed by, with counts");
        catalog.MapGet("/entities/{kind}/{ns}/{name}", async (
            string kind, string ns, string name, ClaimsPrincipal person, People people, ReadCatalog read, CancellationToken cancellation) =>
        {
            var view = await read.FindAsync(new EntityRef(kind, ns, name), await people.ActorAsync(person, cancellation), cancellation);
            return view.ToOk(v => new { entity = Show(v.Entity), descriptor = JsonNode.Parse(v.Entity.Descriptor), relations = v.Relations.Select(r => new { r.Type, r.Target }) });
        }).WithSummary("One entity with its descriptor and relations");
        catalog.MapDelete("/sample", async (ClaimsPrincipal person, People people, SampleOrganisation sample, CancellationToken cancellation) =>
            (await sample.RemoveAsync(await people.ActorAsync(person, cancellation), cancellation)).ToOk(n => new { removed = n }))
            .WithSummary("Remove the sample organisation; for administrators");
    }

    private static object Show(CatalogEntity e) => new
    {
        reference = e.Ref.ToString(), e.Kind, e.Namespace, e.Name, e.Title, e.Description, e.Owner, e.Type, e.Lifecycle, e.System, e.Tags, e.Location,
        e.Repository, e.RunId, template = e.Template is null ? null : new { e.Template, e.TemplateSource, e.TemplateCommit, e.TemplateTreeHash },
        e.IsSample, e.CreatedAt, e.UpdatedAt,
    };
}

/// <summary>As it stands in the query string; lists may be given several times.</summary>
internal sealed record CatalogQuery(
    string? Search, string[]? Kind, string[]? Type, string[]? Lifecycle, string[]? Owner, string[]? Tag, Word<CatalogSort>? Sort, bool? Descending, int? Offset, int? Limit)
{
    public CatalogFilter ToFilter() => new()
    {
        Search = Search, Kinds = Kind ?? [], Types = Type ?? [], Lifecycles = Lifecycle ?? [], Owners = Owner ?? [], Tags = Tag ?? [],
        Sort = Sort?.Value ?? CatalogSort.Name, Descending = Descending ?? false, Offset = Math.Max(0, Offset ?? 0), Limit = Limit ?? 50,
    };
}
