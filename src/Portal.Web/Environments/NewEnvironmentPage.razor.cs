using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.GoldenPaths.Fields;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

/// <summary>
/// Asks for an environment: the price is there before the button is pressed, and so is what is wrong.
/// </summary>
public sealed partial class NewEnvironmentPage
{
    private const string Parameters = "/parameters";
    private IReadOnlyList<CatalogEntity>? components;
    private EnvironmentOffer? offer;
    private Error? problem;
    private string component = "", name = "", type =
        EnvironmentTypes.All[0], definition = "", size = "", lifetime = LifetimeChoices.Find(null).Value, reason = "";
    private bool leftName, working, planning, offering;
    private int asked;
    private EnvironmentDefinition? shown;
    private FormModel? parameters;
    private EnvironmentPlan? plan;
    private string? planProblem;

    /// <summary>Those that were asked and cannot tell.</summary>
    private readonly HashSet<string> cannotPlan = new(StringComparer.Ordinal);

    [SupplyParameterFromQuery] private string? Component { get; set; }
    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private RequestEnvironment Requests { get; set; } = default!;
    [Inject] private PlanLimits Limits { get; set; } = default!;
    [Inject] private EnvironmentPlans Plans { get; set; } = default!;
    [Inject] private ProviderRegistry Providers { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Of the host that would make it; empty when none is set up.</summary>
    private IReadOnlyList<EnvironmentDefinition> Definitions =>
        components?.FirstOrDefault(e => e.Key == component)?.Provider is { } provider
            && Providers.Find<IRepositoryHost>(provider) is { } repositories
        && Providers.All<IEnvironmentHost>().Any() ? Requests.Host(repositories).Definitions : [];

    private EnvironmentDefinition? Definition =>
        Definitions.FirstOrDefault(d => d.Name == definition) ?? (Definitions is [var first, ..] ? first : null);

    private IReadOnlyList<EnvironmentSize> Sizes => Definition?.Sizes ?? [];

    /// <summary>What is wrong with no single field, or with one that the page does not show.</summary>
    private string? Shown => problem is null ? null
        : problem.Fields.Count == 0 ? problem.Message
        : problem.Fields.FirstOrDefault(f => !IsShown(f.Path)) is { } other
            ? $"{other.Path.TrimStart('/')}: {other.Message}"
            : null;

    private EnvironmentRequest Request => new(
        EntityRef.Parse(component, "component"), name.Trim(), type, size, LifetimeChoices.Find(lifetime).Length,
        string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
        Definition?.Name, parameters is { State.Values: { Count: > 0 } values } ? values : null);

    protected override async Task LoadAsync()
    {
        if (components is not null) return;
        var list = OrProblem(await Catalog.ListAsync(
            new CatalogFilter { Kinds = ["Component"], Owners = Mine, HasRepository = true, Limit = 500 }, Me,
            Closing));
        if (list is null) return;
        var mine = list.Items.ToList();
        // The platform team may ask for what is not theirs; who may not is told by the offer.
        if (EntityRef.TryParse(Component, "component", out var wanted)
            && mine.TrueForAll(e => e.Key != wanted.Value.Key)
            && (await Catalog.FindAsync(wanted.Value, Me, Closing)) is { IsOk: true } other) mine.Insert(
                0, other.Value.Entity);
        components = mine;
        if (mine.Count == 0) return;
        component = wanted is { } named && mine.Exists(e => e.Key == named.Key) ? named.Key : mine[0].Key;
        await ChangedAsync();
    }

    /// <summary>Another service or definition may come in other sizes.</summary>
    private Task ChangedAsync()
    {
        if (Sizes.All(s => s.Name != size)) size = Sizes is [var smallest, ..] ? smallest.Name : "";
        if (!ReferenceEquals(shown, Definition)) Ask(shown = Definition);
        return OfferAsync();
    }

    /// <summary>A definition that asks for nothing has no form.</summary>
    private void Ask(EnvironmentDefinition? chosen)
    {
        parameters = null;
        if (chosen is null) return;
        var form = FormDefinition.Parse(chosen.Parameters.DeepClone());
        parameters = new FormModel(form, form.ApplyDefaults([]));
        parameters.Changed += () => _ = InvokeAsync(async () =>
        {
            await OfferAsync();
            StateHasChanged();
        });
    }

    private Task ChooseAsync(Action choose)
    {
        choose();
        return OfferAsync();
    }

    private async Task OfferAsync()
    {
        if (Sizes.Count == 0)
        {
            problem = Error.Conflict(
                "no-environments", "No provider of environments is set up. Ask the platform team.");
            return;
        }
        asked++;
        (plan, planProblem) = (null, null);
        if (offering) return;
        offering = true;
        try
        {
            (offer, problem) =
                (await NewestOfferAsync()).TryGet(out var made, out var error) ? (made, (Error?)null) : (null, error);
        }
        finally
        {
            offering = false;
        }
    }

    /// <summary>
    /// Of what stands in the form when the answer is there: nobody waits for the others, so no more than one is asked
    /// for at once.
    /// </summary>
    private async Task<Result<EnvironmentOffer>> NewestOfferAsync()
    {
        while (true)
        {
            var mine = asked;
            var result = await Limits.CountAsync(Me, () => Requests.OfferAsync(Request, Me, Closing));
            if (mine == asked) return result;
        }
    }

    private async Task CreateAsync()
    {
        (leftName, working) = (true, true);
        parameters?.Try(0);
        var run = await Limits.CountAsync(Me, () => Requests.ExecuteAsync(Request, Me, Closing));
        working = false;
        if (run.TryGet(out var id, out var error))
        {
            Navigation.NavigateTo(PortalUrls.Run(id));
            return;
        }
        (offer, problem) = (null, error);
    }

    private async Task PlanAsync()
    {
        if (planning || offer is not { Environment.Host.Instance: var host }) return;
        planning = true;
        var mine = asked;
        var told = await Limits.CountAsync(Me, () => Plans.OfAsync(Request, Me, Closing));
        planning = false;
        if (told is { IsOk: true, Value: null }) cannotPlan.Add(host);
        // What was changed in the form meanwhile has no answer yet.
        if (mine == asked)
        {
            (plan, planProblem) =
                told.TryGet(out var found, out var error) ? (found, (string?)null) : (null, error.Message);
        }
    }

    private bool IsShown(string path) => path is "/name" or "/type" or "/lifetime" or "/reason"
        || path.StartsWith(Parameters, StringComparison.Ordinal)
            && parameters?.State.Find(path[Parameters.Length..]) is not null;

    /// <summary>An empty name is no mistake yet while one has not been there.</summary>
    private string? Message(string path) =>
        path == "/name" && name.Length == 0
            && !leftName ? null : problem?.Fields.FirstOrDefault(f => f.Path == path)?.Message;

    private string? Invalid(string path) => Message(path) is null ? null : "true";
}
