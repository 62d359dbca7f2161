using Microsoft.AspNetCore.Components;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>Runs, newest first: mine or everybody's, by status; all of it in the address.</summary>
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

    [Inject] private ReadRuns Runs { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        var actor = await Current.GetAsync();
        var chosen = (Statuses ?? []).Select(s => Enum.TryParse<RunStatus>(s, ignoreCase: true, out var status) ? status : (RunStatus?)null).OfType<RunStatus>().ToList();
        var filter = new RunFilter
        {
            CreatedBy = Who == "all" ? null : actor.Ref.ToString(), Status = chosen, Limit = PageSize, Offset = (Math.Max(1, Number ?? 1) - 1) * PageSize,
        };
        var listed = await Runs.ListAsync(filter, actor, CancellationToken.None);
        if (!listed.TryGet(out var page, out error)) return;
        (runs, total, filtered) = (page.Items, page.Total, chosen.Count > 0);
        var counts = await Runs.CountByStatusAsync(filter, actor, CancellationToken.None);
        if (counts.IsOk) statuses = [.. counts.Value.OrderBy(c => c.Key).Select(c => new FacetValue(c.Key.ToString().ToLowerInvariant(), Status.Of(c.Key).Word, c.Value))];
    }
}
