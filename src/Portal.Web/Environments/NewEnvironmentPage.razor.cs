using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

/// <summary>Asks for an environment: the price is there before the button is pressed, and so is what is wrong.</summary>
public sealed partial class NewEnvironmentPage
{
    private IReadOnlyList<CatalogEntity>? components;
    private EnvironmentOffer? offer;
    private Error? problem;
    private string component = "", name = "", type = RequestEnvironment.Types[0], definition = "", size = "", lifetime = LifetimeChoices.Find(null).Value, reason = "";
    private bool leftName, working;
    private int asked;

    [SupplyParameterFromQuery] private string? Component { get; set; }
    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private RequestEnvironment Requests { get; set; } = default!;
    [Inject] private ProviderRegistry Providers { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Of the host that would make it; empty when none is set up.</summary>
    private IReadOnlyList<EnvironmentDefinition> Definitions =>
        components?.FirstOrDefault(e => e.Key == component)?.Provider is { } provider && Providers.Find<IRepositoryHost>(provider) is { } repositories
        && Providers.All<IEnvironmentHost>().Any() ? Requests.Host(repositories).Definitions : [];

    private EnvironmentDefinition? Definition => Definitions.FirstOrDefault(d => d.Name == definition) ?? (Definitions is [var first, ..] ? first : null);

    private IReadOnlyList<EnvironmentSize> Sizes => Definition?.Sizes ?? [];

    /// <summary>What is wrong with no single field.</summary>
    private string? Shown => problem is { Fields.Count: 0 } ? problem.Message : null;

    private EnvironmentRequest Request => new(
        EntityRef.Parse(component, "component"), name.Trim(), type, size, LifetimeChoices.Find(lifetime).Length, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
        Definition?.Name);

    protected override async Task LoadAsync()
    {
        if (components is not null) return;
        var list = OrProblem(await Catalog.ListAsync(new CatalogFilter { Kinds = ["Component"], Owners = Mine, Limit = 500 }, Me, Closing));
        if (list is null) return;
        var mine = list.Items.Where(e => e.Repository is not null).ToList();
        // The platform team may ask for what is not theirs; who may not is told by the offer.
        if (EntityRef.TryParse(Component, "component", out var wanted) && mine.TrueForAll(e => e.Key != wanted.Value.Key)
            && (await Catalog.FindAsync(wanted.Value, Me, Closing)) is { IsOk: true } other) mine.Insert(0, other.Value.Entity);
        components = mine;
        if (mine.Count == 0) return;
        component = wanted is { } named && mine.Exists(e => e.Key == named.Key) ? named.Key : mine[0].Key;
        await ChangedAsync();
    }

    /// <summary>Another service or definition may come in other sizes.</summary>
    private Task ChangedAsync()
    {
        if (Sizes.All(s => s.Name != size)) size = Sizes is [var smallest, ..] ? smallest.Name : "";
        return OfferAsync();
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
            problem = Error.Conflict("no-environments", "No provider of environments is set up. Ask the platform team.");
            return;
        }
        var mine = ++asked;
        var result = await Requests.OfferAsync(Request, Me, Closing);
        // Only the answer to what stands in the form now counts.
        if (mine != asked) return;
        (offer, problem) = result.TryGet(out var made, out var error) ? (made, (Error?)null) : (null, error);
    }

    private async Task CreateAsync()
    {
        (leftName, working) = (true, true);
        var run = await Requests.ExecuteAsync(Request, Me, Closing);
        working = false;
        if (run.TryGet(out var id, out var error))
        {
            Navigation.NavigateTo(PortalUrls.Run(id));
            return;
        }
        (offer, problem) = (null, error);
    }

    /// <summary>An empty name is no mistake yet while one has not been there.</summary>
    private string? Message(string path) =>
        path == "/name" && name.Length == 0 && !leftName ? null : problem?.Fields.FirstOrDefault(f => f.Path == path)?.Message;

    private string? Invalid(string path) => Message(path) is null ? null : "true";
}
