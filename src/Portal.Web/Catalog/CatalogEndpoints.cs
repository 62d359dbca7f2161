using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Catalog;

internal static class CatalogEndpoints
{
    public static void MapCatalogApi(this IEndpointRouteBuilder api)
    {
        var catalog = api.MapGroup("/catalog").WithTags("Catalog");
        catalog.MapGet("/entities", ListAsync).Named("listEntities", "Entities that match, a page at a time");
        catalog.MapGet("/facets", FacetsAsync)
            .Named("getEntityFacets", "What the entities that match can be narrowed by, with counts");
        catalog.MapGet("/entities/{kind}/{ns}/{name}", FindAsync)
            .Named("getEntity", "One entity with its descriptor and relations");
        catalog.MapDelete("/sample", RemoveSampleAsync)
            .Named("removeSample", "Remove the sample organisation, and name who administers the portal then; for administrators")
            .Fails(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<Page<EntitySummary>>, Problem>> ListAsync(
        [AsParameters] CatalogQuery query, Caller caller, ReadCatalog read,
        CancellationToken cancellation) =>
        (await read.ListAsync(query.ToFilter(), caller, cancellation))
            .ToPage(EntitySummary.Of);

    private static async Task<Results<Ok<CatalogFacets>, Problem>> FacetsAsync(
        [AsParameters] FacetsQuery query, Caller caller, ReadCatalog read,
        CancellationToken cancellation) =>
        (await read.FacetsAsync(query.ToFilter(), caller, cancellation)).ToOk();

    private static async Task<Results<Ok<EntityDetails>, Problem>> FindAsync(
        string kind, string ns, string name, Caller caller, ReadCatalog read,
        CancellationToken cancellation) =>
        (await read.FindAsync(
            new EntityRef(kind, ns, name), caller, cancellation))
        .ToOk(EntityDetails.Of);

    /// <param name="administrator">Name of a person who administers the portal from then on; made if absent.</param>
    private static async Task<Results<Ok<RemovedSample>, Problem>> RemoveSampleAsync(
        string? administrator, Caller caller, SampleOrganisation sample, CancellationToken cancellation) =>
        (await sample.RemoveAsync(
            caller, cancellation, administrator is null ? null : new NewPerson(administrator, new Profile(null))))
        .ToOk(n => new RemovedSample(n));
}

/// <summary>As it stands in the query string; lists may be given several times.</summary>
internal sealed record CatalogQuery(
    string? Search, string[]? Kind, string[]? Type, string[]? Lifecycle, string[]? Owner, string[]? Tag,
    Word<CatalogSort>? Sort, bool? Descending, int? Offset, int? Limit)
{
    public CatalogFilter ToFilter() => new()
    {
        Search = Search, Kinds = Kind ?? [], Types = Type ?? [], Lifecycles = Lifecycle ?? [],
        Owners = Owner ?? [], Tags = Tag ?? [],
        Sort = Sort?.Value ?? CatalogSort.Name, Descending = Descending ?? false,
        Offset = Math.Max(0, Offset ?? 0), Limit = Limit ?? 50,
    };
}

/// <summary>The filter alone: counts have neither an order nor pages.</summary>
internal sealed record FacetsQuery(
    string? Search, string[]? Kind, string[]? Type, string[]? Lifecycle, string[]? Owner, string[]? Tag)
{
    public CatalogFilter ToFilter() =>
        new CatalogQuery(Search, Kind, Type, Lifecycle, Owner, Tag, null, null, null, null).ToFilter();
}
