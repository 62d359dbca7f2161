using Microsoft.AspNetCore.Components;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Review;

/// <summary>Shows what Create would make, file by file and change by change, and then makes exactly that.</summary>
public sealed partial class ReviewPage
{
    private ReviewedDraft? reviewed;
    private Error? error, failure;
    private Guid loaded;
    private EntityRef? others;
    private bool creating;

    [Parameter] public string Namespace { get; set; } = "";
    [Parameter] public string Name { get; set; } = "";
    [Parameter] public Guid DraftId { get; set; }

    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private Wizard.TeamOfForm Teams { get; set; } = null!;
    [Inject] private ReviewSession Session { get; set; } = null!;
    [Inject] private TemplateCatalogue Catalogue { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private EntityRef Template => new("template", Namespace, Name);

    private IReadOnlyList<Crumb> Crumbs =>
        [new("Create", PortalUrls.Create), new(
            reviewed?.Version.Title ?? Name, PortalUrls.WizardPage(Namespace, Name, DraftId, 0))];

    private IReadOnlyList<string> StepNames => [.. reviewed!.Version.Form.Pages.Select(p => p.Title), "Review"];

    private int SecretPage => reviewed!.Version.Form.Resolve(reviewed.Values).Pages.FirstOrDefault(
        p => p.Fields.SelectMany(f => f.SelfAndBelow()).Any(f => f.IsSecret))?.Index ?? 0;

    public void Dispose() => Catalogue.Changed -= LookForNewer;

    protected override async Task OnParametersSetAsync()
    {
        if (loaded == DraftId) return;
        loaded = DraftId;
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Catalogue.Changed += LookForNewer;
    }

    private async Task LoadAsync()
    {
        if (!(await Session.LoadAsync(Template, DraftId, CancellationToken.None)).TryGet(out reviewed, out error))
        {
            Request.Answer(error);
            return;
        }
        failure = null;
        others = await Teams.OfOthersAsync(reviewed.Values, CancellationToken.None);
    }

    private void LookForNewer() => _ = InvokeAsync(async () =>
    {
        if (reviewed is null || creating) return;
        reviewed = reviewed with { HasNewer = await Session.HasNewerAsync(Template, reviewed.Version) };
        StateHasChanged();
    });

    private async Task ReviewAgainAsync()
    {
        failure = (await Session.TakeNewestAsync(Template, reviewed!, CancellationToken.None)).Error;
        if (failure is null) await LoadAsync();
    }

    private async Task CreateAsync()
    {
        // The second of two clicks finds this set: events of a circuit come one after the other.
        if (creating || reviewed is null) return;
        creating = true;
        StateHasChanged();
        var started = await Session.CreateAsync(reviewed, CancellationToken.None);
        if (started.TryGet(out var run, out failure)) Navigation.NavigateTo(PortalUrls.Run(run));
        else creating = false;
    }

    private Task GoAsync(int page)
    {
        Navigation.NavigateTo(PortalUrls.WizardPage(Namespace, Name, DraftId, page));
        return Task.CompletedTask;
    }

    private int PageOf(Error problem)
    {
        var path = problem.Fields.Count > 0 ? problem.Fields[0].Path : null;
        var pages = reviewed!.Version.Form.Resolve(reviewed.Values).Pages;
        return pages.FirstOrDefault(p => p.Fields.SelectMany(f => f.SelfAndBelow()).Any(f => f.Path == path))?.Index
            ?? 0;
    }

    private static List<PlannedStep> OtherSteps(RunPlan plan) =>
        [.. plan.Steps.Where(s => s.Status != PlannedStatus.WillRun)];

    private static Status Shown(PlannedStatus status) => status switch
    {
        PlannedStatus.Skipped => new Status("Skipped", Tone.Neutral, "skip-forward"),
        PlannedStatus.DecidedAtRun => Status.Waiting("Decided at run"),
        _ => Status.Warn("No such action"),
    };
}
