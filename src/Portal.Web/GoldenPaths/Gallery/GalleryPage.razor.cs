using Microsoft.AspNetCore.Components;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Gallery;

/// <summary>All templates, those with errors included. Follows what changes on disk.</summary>
public sealed partial class GalleryPage : IDisposable
{
    private IReadOnlyList<TemplateCard>? cards;
    private IReadOnlyList<TemplateCard> shown = [];
    private IReadOnlyList<FacetValue> types = [], tags = [], owners = [];
    private GalleryFilter filter = new(null, [], [], []);
    private Error? refused;

    [Inject] private TemplateCatalogue Catalogue { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;
    [Inject] private ReadTemplates Templates { get; set; } = null!;
    [Inject] private ReadRuns Runs { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "type")] private string[]? Types { get; set; }
    [SupplyParameterFromQuery(Name = "tag")] private string[]? Tags { get; set; }
    [SupplyParameterFromQuery(Name = "owner")] private string[]? Owners { get; set; }

    private string Found => cards is null ? "" : shown.Count == 1 ? "1 template" : $"{shown.Count} templates";

    public void Dispose() => Catalogue.Changed -= Refresh;

    protected override async Task OnParametersSetAsync()
    {
        filter = new GalleryFilter(Search, Types ?? [], Tags ?? [], Owners ?? []);
        if (cards is null) await LoadAsync();
        Filter();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Catalogue.Changed += Refresh;
    }

    private void Refresh() => _ = InvokeAsync(async () =>
    {
        await LoadAsync();
        Filter();
        StateHasChanged();
    });

    private async Task LoadAsync()
    {
        var actor = await Current.GetAsync();
        if (!(await Templates.ListAsync(actor, CancellationToken.None)).TryGet(out var templates, out refused)) return;
        var counts = await Runs.CountByTemplateAsync(actor, CancellationToken.None);
        cards = [.. templates.Select(e =>
            new TemplateCard(e, counts.IsOk ? counts.Value.GetValueOrDefault(e.Ref.Key) : 0))];
    }

    private void Filter()
    {
        if (cards is null) return;
        shown = filter.Apply(cards);
        (types, tags, owners) = (filter.TypeFacet(cards), filter.TagFacet(cards), filter.OwnerFacet(cards));
    }
}
