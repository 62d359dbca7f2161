using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>All teams, or one's own.</summary>
public sealed partial class TeamsPage
{
    private const int PageSize = 50;
    private const string OnlyMine = "mine";
    private Page<TeamRow>? page;
    private bool mayAdminister;

    [SupplyParameterFromQuery] private string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "sort")] private string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadOrganisation Organisation { get; set; } = default!;
    [Inject] private Authorise Authorise { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        mayAdminister = await Authorise.MayAsync(Me, Permissions.Administer, null, Closing);
        page = OrProblem(await Organisation.TeamsAsync(new OrganisationFilter
        {
            Search = Search, Among = Show == OnlyMine ? Mine : null, Descending = Sort is ['-', ..],
            Sort = Sort?.TrimStart('-') switch
            {
                "members" => OrganisationSort.Members,
                "services" => OrganisationSort.Services,
                _ => OrganisationSort.Title,
            },
            Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize,
        }, Me, Closing)) ?? page;
    }
}
