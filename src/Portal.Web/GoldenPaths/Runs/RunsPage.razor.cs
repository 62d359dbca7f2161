using Microsoft.AspNetCore.Components;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>Runs, newest first: mine, everybody's or the portal's own, by status; all of it in the address.</summary>
public sealed partial class RunsPage
{
    private const int PageSize = 50;
    private IReadOnlyList<Run>? runs;
    private IReadOnlyList<FacetValue> statuses = [];
    private Error? error;
    private int total;
    private bool filtered;

    [SupplyParameterFromQuery(Name = "who")] private string? Who { get; set; }
    [SupplyParameterFromQuery(Name = "status")] private string[]? Statuses { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int? Number { get; set; }

    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private ReadRuns Runs { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        var actor = await Current.GetAsync();
        var chosen = (Statuses ?? []).Select(s => Enum.TryParse<RunStatus>(s, ignoreCase: true, out var status)
            ? status
            : (RunStatus?)null).OfType<RunStatus>().ToList();
        var filter = new RunFilter
        {
            CreatedBy =
                Who switch { "all" => null, "portal" => Actor.System.Ref.ToString(), _ => actor.Ref.ToString() },
            Status = chosen, Limit = PageSize, Offset = Paging.Offset(Number ?? 1, PageSize),
        };
        var listed = await Runs.ListAsync(filter, actor, CancellationToken.None);
        if (!listed.TryGet(out var page, out error))
        {
            Request.Answer(error);
            return;
        }
        (runs, total, filtered) = (page.Items, page.Total, chosen.Count > 0);
        var counts = await Runs.CountByStatusAsync(filter, actor, CancellationToken.None);
        // What is chosen stays to be seen, and to be given up, when nothing is in that state any more.
        if (!counts.IsOk) return;
        statuses = [.. Enum.GetValues<RunStatus>().Where(s => chosen.Contains(s) || counts.Value.ContainsKey(s))
            .Select(s => new FacetValue(
                s.ToString().ToLowerInvariant(), Status.Of(s).Word, counts.Value.GetValueOrDefault(s)))];
    }
}
