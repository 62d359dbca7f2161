using Microsoft.AspNetCore.Components;
using Portal.Core.Runs;
using Portal.Web.Shared;

namespace Portal.Web.Home;

/// <summary>The first page: what is mine, what needs care, what changed, what it costs.</summary>
public sealed partial class HomePage
{
    private HomeView? view;
    private IReadOnlyList<CareItem> care = [];

    [Inject] private ReadHome Reader { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;

    private List<Run> Going => [.. view!.Runs.Where(r => !r.IsOver)];

    private DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    private string MyServices =>
        $"{PortalUrls.Catalog}?{string.Join('&', Mine.Select(o => $"owner={Uri.EscapeDataString(o)}"))}";

    protected override async Task LoadAsync()
    {
        view = await Reader.ReadAsync(Me, Mine, Closing);
        await Titles.LoadAsync(
            [.. view.Costs.Select(c => c.Key), .. view.Environments.Select(e => e.Component)], "component");
        care = CareItem.Of(view, Time.GetUtcNow(), component => Titles.Of(component, "component"));
    }
}
