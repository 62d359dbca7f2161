using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths.Fields;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Wizard;

/// <summary>
/// The form of a template, page by page. What is typed is kept as a draft whose id stands in the address.
/// </summary>
public sealed partial class WizardPage
{
    private static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(250);
    private TemplateVersion? version;
    private FormModel? form;
    private RepositoryNames? names;
    private DraftKeeper? keeper;
    private Draft? older;
    private Error? error;
    private ElementReference element;
    private IJSObjectReference? script;
    private CancellationTokenSource asking = new();
    private JsonObject? typed;
    private string? shownFor;
    private string? focus;
    private int page;
    private EntityRef? others;
    private bool draftMissing, secretsLost, busy, leaving;

    [Parameter] public string Namespace { get; set; } = "";
    [Parameter] public string Name { get; set; } = "";

    [SupplyParameterFromQuery(Name = "draft")] private Guid? DraftId { get; set; }
    [SupplyParameterFromQuery(Name = "from")] private Guid? From { get; set; }
    [SupplyParameterFromQuery(Name = "names")] private string? NamesOfRun { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int? Number { get; set; }

    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private FormOpener Opener { get; set; } = null!;
    [Inject] private Drafts Drafts { get; set; } = null!;
    [Inject] private CircuitSecrets Secrets { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;
    [Inject] private ProviderRegistry Providers { get; set; } = null!;
    [Inject] private FreeNames Checks { get; set; } = null!;
    [Inject] private TeamOfForm Teams { get; set; } = null!;
    [Inject] private PlannedNames Planned { get; set; } = null!;
    [Inject] private TimeProvider Time { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private IJSRuntime JS { get; set; } = null!;

    private static IReadOnlyList<Crumb> Crumbs => [new("Create", PortalUrls.Create)];

    private FormPage? Shown => form is { State.Pages.Count: > 0 } ? form.State.Pages[page] : null;

    private bool IsLast => form is null || page >= form.State.Pages.Count - 1;

    private IReadOnlyList<string> StepNames => [.. form!.State.Pages.Select(p => p.Title), "Review"];

    public async ValueTask DisposeAsync()
    {
        leaving = true;
        await asking.CancelAsync();
        if (form is not null) form.Changed -= Follow;
        if (keeper is not null) await keeper.DisposeAsync();
        await script.DisposeQuietlyAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        leaving = false;
        // The address gets the draft's id once there is one: that is still the same form.
        var same = shownFor == $"{Namespace}/{Name}" && form is not null
            && (DraftId == keeper?.Id || DraftId is null && keeper?.Id is null);
        if (!same) await OpenAsync();
        if (form is not null) page = Math.Clamp((Number ?? 1) - 1, 0, Math.Max(0, form.State.Pages.Count - 1));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            focus ??= "namedField";
            await AskNamesAsync();
        }
        if (focus is not { } target || form is null) return;
        focus = null;
        script ??= await JS.ImportAsync(Assets, "form");
        await script.InvokeVoidAsync(target, element);
    }

    private async Task OpenAsync()
    {
        if (keeper is not null) await keeper.DisposeAsync();
        if (form is not null) form.Changed -= Follow;
        (form, keeper, error, older, draftMissing, secretsLost) = (null, null, null, null, false, false);
        shownFor = $"{Namespace}/{Name}";
        var opened = await Opener.OpenAsync(
            new EntityRef("template", Namespace, Name), DraftId, From, sameNames: NamesOfRun == "same");
        if (!opened.TryGet(out var start, out error))
        {
            draftMissing = error.Code == "draft-not-found";
            Request.Answer(error);
            return;
        }
        (version, older, secretsLost) = (start.Version, start.Older, start.SecretsLost);
        names = new RepositoryNames(version, Providers, Checks, Planned);
        form = new FormModel(version.Form, start.Values) { Names = names };
        typed = form.Values;
        names.Look(form);
        others = await Teams.OfOthersAsync(form.Values, CancellationToken.None);
        form.Changed += Follow;
        keeper = new DraftKeeper(Drafts, version.Ref, start.Actor, Time, DraftId, () => InvokeAsync(DraftSaved));
    }

    /// <summary>After each change: save a moment later, look whether names are free, show.</summary>
    private void Follow()
    {
        if (!ReferenceEquals(typed, form!.Values))
        {
            typed = form.Values;
            var (plain, _) = version!.Form.SplitSecrets(typed);
            keeper!.Later(plain, page);
            if (names!.Look(form)) _ = AskSoonAsync();
            _ = TellOthersAsync(typed);
        }
        StateHasChanged();
    }

    private async Task TellOthersAsync(JsonObject values)
    {
        var owner = await Teams.OfOthersAsync(values, CancellationToken.None);
        if (owner == others || !ReferenceEquals(values, form?.Values)) return;
        others = owner;
        await InvokeAsync(StateHasChanged);
    }

    private async Task AskSoonAsync()
    {
        await asking.CancelAsync();
        asking = new CancellationTokenSource();
        try
        {
            await Task.Delay(AskPause, Time, asking.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await InvokeAsync(AskNamesAsync);
    }

    private async Task AskNamesAsync()
    {
        if (form is null || names is null) return;
        await names.AskAsync(form, CancellationToken.None);
        StateHasChanged();
    }

    private void DraftSaved()
    {
        // A save that ends late must not call back who is on the way to another page.
        if (keeper?.Id is { } id && DraftId != id && !leaving)
        {
            Navigation.NavigateTo(PortalUrls.WizardPage(Namespace, Name, id, page), replace: true);
        }
        StateHasChanged();
    }

    private async Task NextAsync()
    {
        if (busy) return;
        busy = true;
        if (Shown is not null)
        {
            await AskNamesAsync();
            if (!form!.Try(page))
            {
                (focus, busy) = ("firstProblem", false);
                return;
            }
        }
        var (plain, secrets) = version!.Form.SplitSecrets(form!.Values);
        await keeper!.SaveAsync(plain, page, IsLast ? version.TreeHash : null);
        busy = false;
        if (keeper.Id is not { } id || keeper.Failure is not null) return;
        Secrets.Keep(id, secrets);
        leaving = true;
        if (IsLast) Navigation.NavigateTo(PortalUrls.Review(Namespace, Name, id));
        else await GoAsync(page + 1);
    }

    private Task GoAsync(int to)
    {
        focus = "pageTitle";
        leaving = keeper?.Id is not null;
        if (keeper?.Id is { } id) Navigation.NavigateTo(PortalUrls.WizardPage(Namespace, Name, id, to));
        else page = to;
        return Task.CompletedTask;
    }

    private async Task StartAfreshAsync()
    {
        if (older is not null) await Drafts.DeleteAsync(older.Id, await Current.GetAsync(), CancellationToken.None);
        older = null;
        focus = "firstField";
    }
}
