using Microsoft.AspNetCore.Components;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Gallery;

/// <summary>What a template makes, by which steps, from which source, and what is doubtful about it.</summary>
public sealed partial class TemplatePage : IDisposable
{
    private static readonly Crumb[] Crumbs = [new("Create", PortalUrls.Create)];
    private IReadOnlyList<Run> runs = [];
    private TemplateCard? card;
    private Error? error;
    private string? commit, readme;

    [Parameter] public string Namespace { get; set; } = "";
    [Parameter] public string Name { get; set; } = "";

    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private TemplateCatalogue Catalogue { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;
    [Inject] private ReadTemplates Templates { get; set; } = null!;
    [Inject] private ReadRuns Runs { get; set; } = null!;

    public void Dispose() => Catalogue.Changed -= Refresh;

    protected override Task OnParametersSetAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Catalogue.Changed += Refresh;
    }

    private void Refresh() => _ = InvokeAsync(async () =>
    {
        await LoadAsync();
        StateHasChanged();
    });

    private async Task LoadAsync()
    {
        var actor = await Current.GetAsync();
        var reference = new EntityRef("template", Namespace, Name);
        if (!(await Templates.FindAsync(reference, actor, CancellationToken.None)).TryGet(out var entry, out error))
        {
            card = null;
            Request.Answer(error);
            return;
        }
        var counts = await Runs.CountByTemplateAsync(actor, CancellationToken.None);
        var recent =
            await Runs.ListAsync(new RunFilter { Template = entry.Ref.Key, Limit = 5 }, actor, CancellationToken.None);
        runs = recent.IsOk ? recent.Value.Items : [];
        var version = entry.Load();
        (commit, readme) =
            version.IsOk ? (version.Value.Commit, version.Value.Tree.ReadText("README.md")) : (null, null);
        card = new TemplateCard(entry, counts.IsOk ? counts.Value.GetValueOrDefault(entry.Ref.Key) : 0);
    }
}
