using Microsoft.AspNetCore.Components;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Shared;
using Facet = Portal.Web.Controls.FacetValue;

namespace Portal.Web.Environments;

/// <summary>The list of environments; those of my teams unless the address says otherwise.</summary>
public sealed partial class EnvironmentsPage
{
    private const int PageSize = 50;

    private Page<PortalEnvironment>? page;
    private IReadOnlyList<Facet> statuses = [], types = [], owners = [];
    private int ownersTotal;
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

    private string Found => page!.Total == 1 ? "1 found" : $"{page.Total} found";

    private bool IsFiltered =>
        Search is not null || new[] { StatusValues, TypeValues, OwnerValues }.Any(v => v is { Length: > 0 });

    /// <summary>What the tab asks for; owners that are chosen narrow it further.</summary>
    private EnvironmentFilter Filter => new()
    {
        Of = Show is "all" or "ended" ? [] : Mine, Ended = Show == "ended",
        Owners = OwnerValues ?? [], Types = TypeValues ?? [], Status = Statuses, Search = Search,
        Sort = Sort?.TrimStart('-') switch
        {
            "status" => EnvironmentSort.Status,
            "ends" => EnvironmentSort.Ends,
            "price" => EnvironmentSort.Price,
            _ => EnvironmentSort.Name
        },
        Descending = Sort is ['-', ..], Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize,
    };

    private IReadOnlyList<EnvironmentStatus> Statuses =>
        [.. (StatusValues ?? []).Where(s => Enum.IsDefined(typeof(EnvironmentStatus), s))
            .Select(Enum.Parse<EnvironmentStatus>)];

    private string Clear =>
        Show is null ? PortalUrls.Environments : $"{PortalUrls.Environments}?show={Uri.EscapeDataString(Show)}";

    protected override async Task LoadAsync()
    {
        mayAdopt = Adoption.Providers.Count > 0 && await Adoption.MayAsync(Me, Closing);
        var filter = Filter;
        if (OrProblem(await Environments.ListAsync(filter, Me, Closing)) is not { } found) return;
        if (OrProblem(await Environments.FacetsAsync(filter, Me, Closing)) is not { } facets) return;
        page = found;
        statuses = [.. facets.Statuses.Select(s => new Facet(s.Value, s.Value, s.Count))];
        types = [.. facets.Types.Select(t => new Facet(t.Value, t.Value, t.Count))];
        ownersTotal = facets.OwnersTotal;
        await Titles.LoadAsync(facets.Owners.Select(o => o.Value));
        owners = [.. facets.Owners.Select(o => new Facet(o.Value, Titles.Of(o.Value), o.Count))];
    }
}
