using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

/// <summary>
/// Lists what runs at a provider and is not the portal's, shows what adopting one would change, and starts the run that
/// does.
/// </summary>
public sealed partial class AdoptEnvironmentPage
{
    private IReadOnlyList<CatalogEntity>? components;
    private IReadOnlyList<AdoptableEnvironment>? found;
    private AdoptionOffer? offer;
    private Error? problem;
    private string provider =
        "", externalId = "", component = "", name = "", type = EnvironmentTypes.All[0], reason = "";
    private string? silent;
    private bool looking, working;

    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private PlanLimits Limits { get; set; } = default!;
    [Inject] private RequestAdoption Adoption { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private bool Busy => looking || working || !RendererInfo.IsInteractive;

    private AdoptionRequest Request => new(
        provider, externalId, EntityRef.Parse(component, "component"), name.Trim(), type,
        string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());

    protected override async Task LoadAsync()
    {
        if (components is not null) return;
        if (OrProblem(await Catalog.ListAsync(
            new CatalogFilter { Kinds = ["Component"], HasRepository = true, Limit = 500 }, Me,
            Closing)) is not { } list)
        {
            return;
        }
        if (!await Adoption.MayAsync(Me, Closing))
        {
            OrProblem<object>(Error.Forbidden(
                "adoption-not-allowed",
                "Only who may change every team's environments may adopt one. Ask the platform team."));
            return;
        }
        var all = list.Items;
        component = all is [var first, ..] ? first.Key : "";
        provider = Adoption.Providers is [var one, ..] ? one : "";
        components = all;
    }

    /// <summary>The provider is asked once the page is there: it takes its time.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (looking || found is not null || silent is not null || components is not { Count: > 0 }
            || provider.Length == 0)
        {
            return;
        }
        await LookAsync();
        StateHasChanged();
    }

    private async Task LookAsync()
    {
        (looking, found, silent, externalId) = (true, null, null, "");
        Changed();
        StateHasChanged();
        var asked = provider;
        var answer = await Limits.CountAsync(Me, () => Adoption.ListAsync(asked, Me, Closing));
        if (asked != provider) return;
        looking = false;
        (found, silent) = answer.TryGet(out var all, out var error) ? (all, (string?)null) : (null, error.Message);
    }

    private void Choose(AdoptableEnvironment chosen)
    {
        externalId = chosen.ExternalId;
        Changed();
    }

    /// <summary>What was shown is not what would be done any more.</summary>
    private void Changed() => (offer, problem) = (null, null);

    private async Task OfferAsync()
    {
        if (working) return;
        working = true;
        var asked = Request;
        var result = await Limits.CountAsync(Me, () => Adoption.OfferAsync(asked, Me, Closing));
        working = false;
        if (asked == Request)
        {
            (offer, problem) = result.TryGet(out var made, out var error) ? (made, (Error?)null) : (null, error);
        }
    }

    private async Task AdoptAsync()
    {
        if (working) return;
        working = true;
        var run = await Limits.CountAsync(Me, () => Adoption.ExecuteAsync(Request, Me, Closing));
        working = false;
        if (run.TryGet(out var id, out var error)) Navigation.NavigateTo(PortalUrls.Run(id));
        else (offer, problem) = (null, error);
    }

    /// <summary>What is wrong with no single field, or with one that the page does not show.</summary>
    private string? Shown => problem is null ? null
        : problem.Fields.Count == 0 ? problem.Message
        : problem.Fields.FirstOrDefault(f => f.Path is not ("/externalId" or "/name" or "/reason"))
            is { } other ? $"{other.Path.TrimStart('/')}: {other.Message}" : null;

    private string? Message(string path) => problem?.Fields.FirstOrDefault(f => f.Path == path)?.Message;

    private string? Invalid(string path) => Message(path) is null ? null : "true";
}
