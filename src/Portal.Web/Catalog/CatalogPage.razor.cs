using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Shared;
using Facet = Portal.Web.Controls.FacetValue;

namespace Portal.Web.Catalog;

/// <summary>The list of all entities, narrowed by what stands in the address.</summary>
public sealed partial class CatalogPage
{
    private const int PageSize = 50;
    private const string Everything = "all";
    private Page<CatalogEntity>? page;
    private FacetTotals? totals;
    private IReadOnlyList<Facet> kinds = [], owners = [], types = [], lifecycles = [], tags = [];

    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "kind")] private string[]? KindValues { get; set; }
    [SupplyParameterFromQuery(Name = "owner")] private string[]? OwnerValues { get; set; }
    [SupplyParameterFromQuery(Name = "type")] private string[]? TypeValues { get; set; }
    [SupplyParameterFromQuery(Name = "lifecycle")] private string[]? LifecycleValues { get; set; }
    [SupplyParameterFromQuery(Name = "tag")] private string[]? TagValues { get; set; }
    [SupplyParameterFromQuery(Name = "sort")] private string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private bool ManyKinds => KindValues is { Length: > 1 } or [Everything];

    private bool IsFiltered => Search is not null
        || new[] { KindValues, OwnerValues, TypeValues, LifecycleValues, TagValues }.Any(v => v is { Length: > 0 });

    private string Found => page!.Total == 1 ? "1 found" : $"{page.Total} found";

    private string AllKinds => Search is null
        ? $"{PortalUrls.Catalog}?kind={Everything}"
        : $"{PortalUrls.Catalog}?kind={Everything}&q={Uri.EscapeDataString(Search)}";

    private CatalogFilter Filter => new()
    {
        Search = Search,
        Kinds = KindValues is null or [] ? ["Component"] : KindValues.Contains(Everything) ? [] : KindValues,
        Owners = OwnerValues ?? [], Types = TypeValues ?? [], Lifecycles = LifecycleValues ?? [],
        Tags = TagValues ?? [],
        Sort = Sort?.TrimStart('-') switch
        {
            "kind" => CatalogSort.Kind,
            "owner" => CatalogSort.Owner,
            "updated" => CatalogSort.Updated,
            _ => CatalogSort.Name
        },
        Descending = Sort is ['-', ..],
        Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize,
    };

    protected override async Task LoadAsync()
    {
        var filter = Filter;
        page = OrProblem(await Catalog.ListAsync(filter, Me, Closing)) ?? page;
        if (OrProblem(await Catalog.FacetsAsync(filter, Me, Closing)) is not { } facets) return;
        kinds = [.. Facets([.. facets.Kinds.OrderBy(k => KindOrder(k.Value))]), new(
            Everything, "All kinds", facets.Kinds.Sum(k => k.Count))];
        totals = facets.Totals;
        await Titles.LoadAsync(facets.Owners.Select(o => o.Value));
        owners = Facets(facets.Owners, o => Titles.Of(o));
        types = Facets(facets.Types);
        lifecycles = Facets(facets.Lifecycles);
        tags = Facets(facets.Tags);
    }

    /// <summary>What people look for first stands first.</summary>
    private static int KindOrder(string kind) => Descriptor.Kinds.TakeWhile(k => k != kind).Count();

    private static IReadOnlyList<Facet> Facets(IReadOnlyList<FacetValue> values, Func<string, string>? text = null) =>
        [.. values.Select(v => new Facet(v.Value, text?.Invoke(v.Value) ?? v.Value, v.Count))];
}
