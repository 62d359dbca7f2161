using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Catalog;

/// <summary>One entity; of a component also how it is, what runs, and what it costs.</summary>
public sealed partial class EntityPage
{
    private EntityView? view;
    private ServiceFacts? facts;
    private Dependencies? dependencies;
    private string? definition, descriptor;

    [Parameter] public required string Kind { get; set; }
    [Parameter] public required string Namespace { get; set; }
    [Parameter] public required string Name { get; set; }
    [SupplyParameterFromQuery] private string? Tab { get; set; }
    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private ReadDependencies Picture { get; set; } = default!;
    [Inject] private ReadService Services { get; set; } = default!;

    private string Title => view!.Entity.Title ?? view.Entity.Name;

    private bool MayHaveEnvironments =>
        view is { MayChange: true, Entity: { Repository: not null, IsSample: false } };

    /// <summary>A service has them on a page of their own.</summary>
    private bool ShowsRelations =>
        Tab == "relations" || view!.Entity.Kind is "API" or "Resource" && Tab is null or "overview";

    private bool IsTeam => view!.Entity.Kind == "Group";

    private bool IsPerson => view!.Entity.Kind == "User";

    private IReadOnlyList<Crumb> Crumbs => IsTeam ? [new("Teams", PortalUrls.Teams)]
        : IsPerson ? [new("People", PortalUrls.People)]
        : [new("Catalog", PortalUrls.Catalog),
            new(view!.Entity.Kind, $"{PortalUrls.Catalog}?kind={view.Entity.Kind}")];

    private IReadOnlyList<TabItem> Tabs =>
    [
        new("overview", "Overview"),
        .. facts is null && !IsTeam ? Array.Empty<TabItem>() : [new("relations", "Relations", view!.Relations.Count)],
        .. definition is null ? Array.Empty<TabItem>() : [new("definition", "Definition")],
        new("descriptor", "Descriptor"),
    ];

    private string Source => view!.Entity.Location switch
    {
        ['u', 'r', 'l', ':', .. var url] => url,
        SampleOrganisation.Location => "the sample organisation",
        Core.Access.People.MadeForToken => "a token: the portal made this person",
        OrganisationSource.Portal => "the portal: it was made here",
        OrganisationSource.File => "the file of Portal:Catalog:PeopleFile",
        var other => other,
    };

    protected override async Task LoadAsync()
    {
        view = OrProblem(await Catalog.FindAsync(new EntityRef(Kind, Namespace, Name), Me, Closing));
        if (view is null) return;
        definition = EntityDescriptor.Definition(view.Entity);
        descriptor = Tab == "descriptor" ? await Catalog.TextAsync(view.Entity, Closing) : null;
        dependencies = ShowsRelations ? await Picture.AroundAsync(view.Entity, Me, Closing) : null;
        facts = view.Entity.Kind == "Component" ? await Services.ReadAsync(view.Entity, Me, Closing) : null;
    }
}
