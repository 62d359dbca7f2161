using Microsoft.AspNetCore.Components;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

/// <summary>The list of environments; those of my teams unless the address says otherwise.</summary>
public sealed partial class EnvironmentsPage
{
    private const int PageSize = 50;

    /// <summary>As many are read; facets and sorts are worked out of them.</summary>
    private const int Most = 500;

    private IReadOnlyList<PortalEnvironment>? all, rows, shown;
    private IReadOnlyList<FacetValue> statuses = [], types = [], owners = [];
    private int total;
    private bool mayAdopt;

    [SupplyParameterFromQuery] private string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "status")] private string[]? StatusValues { get; set; }
    [SupplyParameterFromQuery(Name = "type")] private string[]? TypeValues { get; set; }
    [SupplyParameterFromQuery(Name = "owner")] private string[]? OwnerValues { get; set; }
    [SupplyParameterFromQuery] private string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadEnvironments Environments { get; set; } = default!;
    [Inject] private RequestAdoption Adoption { get; set; } = default!;

    private string Found => rows!.Count == 1 ? "1 found" : $"{rows.Count} found";

    private string Clear => Show is null ? PortalUrls.Environments : $"{PortalUrls.Environments}?show={Uri.EscapeDataString(Show)}";

    protected override async Task LoadAsync()
    {
        mayAdopt = Adoption.Providers.Count > 0 && await Adoption.MayAsync(Me, Closing);
        var filter = new EnvironmentFilter
        {
            Owners = Show is "all" or "ended" ? [] : Mine, IncludeDestroyed = Show == "ended", Status = Show == "ended" ? [EnvironmentStatus.Destroyed] : [],
            Search = Search, Limit = Most,
        };
        if (OrProblem(await Environments.ListAsync(filter, Me, Closing)) is not { } page) return;
        (all, total) = (page.Items, page.Total);
        statuses = Count(e => e.Status.ToString(), s => s, except: nameof(StatusValues));
        types = Count(e => e.Type, t => t, except: nameof(TypeValues));
        owners = Count(e => e.Owner, EntityWords.Name, except: nameof(OwnerValues));
        rows = [.. Sorted(all.Where(e => Matches(e, except: null)))];
        shown = [.. rows.Skip(Paging.Offset(PageNumber, PageSize)).Take(PageSize)];
    }

    private bool Matches(PortalEnvironment e, string? except) =>
        (except == nameof(StatusValues) || Chosen(StatusValues, e.Status.ToString()))
        && (except == nameof(TypeValues) || Chosen(TypeValues, e.Type))
        && (except == nameof(OwnerValues) || Chosen(OwnerValues, e.Owner));

    private static bool Chosen(string[]? values, string value) => values is null or [] || values.Contains(value);

    /// <summary>Each facet with the others applied, so that one sees what another choice would give.</summary>
    private List<FacetValue> Count(Func<PortalEnvironment, string> value, Func<string, string> text, string except) =>
        [.. all!.Where(e => Matches(e, except)).GroupBy(value).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new FacetValue(g.Key, text(g.Key), g.Count()))];

    private IEnumerable<PortalEnvironment> Sorted(IEnumerable<PortalEnvironment> from)
    {
        var down = Sort is ['-', ..];
        IOrderedEnumerable<PortalEnvironment> By<T>(Func<PortalEnvironment, T> key) => down ? from.OrderByDescending(key) : from.OrderBy(key);
        return Sort?.TrimStart('-') switch
        {
            "status" => By(e => e.Status.ToString()),
            "ends" => By(e => e.ExpiresAt ?? DateTimeOffset.MaxValue),
            "price" => By(e => e.PricePerHour),
            _ => By(e => $"{e.Component} {e.Name}"),
        };
    }
}
