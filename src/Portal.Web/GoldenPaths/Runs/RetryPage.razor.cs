using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths.Fields;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>
/// The form of the version that a run is pinned to, with the run's values: for what has to be corrected before it goes
/// on.
/// </summary>
public sealed partial class RetryPage : IDisposable
{
    private Run? run;
    private FormModel? form;
    private TemplateVersion? version;
    private Error? error, refused;
    private IReadOnlySet<string> fixedNames = new HashSet<string>();
    private bool busy, mayControl;

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private ReadRuns Runs { get; set; } = null!;
    [Inject] private RetryRun Retry { get; set; } = null!;
    [Inject] private PlanLimits Limits { get; set; } = null!;
    [Inject] private TemplateCatalogue Catalogue { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<Crumb> Crumbs =>
        [new("Create", PortalUrls.Create), new("Runs", PortalUrls.Runs), new(run?.Title ?? "Run", PortalUrls.Run(Id))];

    /// <summary>As the form calls them.</summary>
    private string Fixed => string.Join(
        ", ", fixedNames.Select(n => form!.State.Find("/" + n)?.Title ?? n).Order(StringComparer.OrdinalIgnoreCase));

    public void Dispose()
    {
        if (form is not null) form.Changed -= StateHasChanged;
    }

    protected override async Task OnInitializedAsync()
    {
        await OpenAsync();
        Request.Answer(error);
    }

    private async Task OpenAsync()
    {
        if (!(await Runs.FindAsync(Id, await Current.GetAsync(), CancellationToken.None)).TryGet(
            out var view, out error))
        {
            return;
        }
        (run, mayControl) = (view.Run, view.MayControl);
        if (!EntityRef.TryParse(run.Template, "template", out var template)) error = Error.Conflict(
            "run-no-template", "Only a run of a template has values that could be corrected.");
        else if (!run.CanRetry) error = Error.Conflict(
            "run-not-failed", "Only a failed or cancelled run can be retried.");
        else if ((await Catalogue.FindVersionAsync(
            template.Value, run.TemplateTreeHash, CancellationToken.None)).TryGet(out version, out error))
        {
            // A secret that was given with the run need not be given again, as long as it is not erased.
            form = new FormModel(
                version.Form, JsonNode.Parse(run.Values) as JsonObject ?? [],
                (run.Secrets is null ? [] : run.SecretNames).Select(n => "/" + n).ToHashSet(StringComparer.Ordinal));
            form.Changed += StateHasChanged;
            fixedNames = FixedParameters.Of(view, form.Values.Select(v => v.Key));
        }
    }

    private async Task RetryAsync()
    {
        var (plain, secrets) = version!.Form.SplitSecrets(form!.Values);
        foreach (var page in form.State.Pages) form.Try(page.Index);
        if (!form.Errors.IsValid) return;
        busy = true;
        var before = JsonNode.Parse(run!.Values)!.AsObject();
        var changed = new JsonObject(plain.Where(v => !JsonNode.DeepEquals(v.Value, before[v.Key]))
            .Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone())));
        foreach (var (name, _) in before.Where(v => !plain.ContainsKey(v.Key)).ToList()) changed[name] = null;
        var actor = await Current.GetAsync();
        refused = (await Limits.CountAsync(
            actor,
            () => Retry.ExecuteAsync(Id, new RetryRunRequest(changed, secrets), actor, CancellationToken.None))).Error;
        busy = false;
        if (refused is null) Navigation.NavigateTo(PortalUrls.Run(Id));
    }
}
