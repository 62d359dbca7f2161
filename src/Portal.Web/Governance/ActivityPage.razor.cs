using Microsoft.AspNetCore.Components;
using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

/// <summary>The record of all changes, newest first.</summary>
public sealed partial class ActivityPage
{
    private const int PageSize = 50;
    private Page<AuditEvent>? page;

    [SupplyParameterFromQuery] private string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery] private string? Actor { get; set; }
    [SupplyParameterFromQuery] private string? Owner { get; set; }

    /// <summary>All that was recorded, also what a run and the thing that it made both tell.</summary>
    [SupplyParameterFromQuery] private bool Full { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadActivity Activity { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        await Titles.LoadAsync([Actor, Owner], "user");
        page = OrProblem(await Activity.ListAsync(
            new ActivityFilter
            {
                Search = Search, Actor = Show == "mine" ? Me.Ref.ToString() : Actor, Owner = Owner,
                Owners = Show == "teams" ? Mine : [],
                EachChangeOnce = !Full, Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize,
            }, Me, Closing)) ?? page;
    }
}
