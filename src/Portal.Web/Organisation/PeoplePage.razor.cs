using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>All people with their teams.</summary>
public sealed partial class PeoplePage
{
    private const int PageSize = 50;
    private const int MostTeams = 3;
    private Page<PersonRow>? page;
    private bool mayAdminister;

    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "sort")] private string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadOrganisation Organisation { get; set; } = default!;
    [Inject] private Authorise Authorise { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        mayAdminister = await Authorise.MayAsync(Me, Permissions.Administer, null, Closing);
        page = OrProblem(await Organisation.PeopleAsync(new OrganisationFilter
        {
            Search = Search, Descending = Sort is ['-', ..],
            Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize,
        }, Me, Closing)) ?? page;
    }
}
