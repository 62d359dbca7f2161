using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>Title, description and email of a team or a person.</summary>
public sealed partial class EditProfilePage
{
    private readonly ProfileForm form = new();
    private CatalogEntity? row;
    private bool working;

    [Parameter] public required string Kind { get; set; }
    [Parameter] public required string Namespace { get; set; }
    [Parameter] public required string Name { get; set; }
    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private OrganisationRights Rights { get; set; } = default!;
    [Inject] private ChangeTeams Teams { get; set; } = default!;
    [Inject] private ChangePeople ChangePeople { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    private EntityRef Entity => new(Kind, Namespace, Name);

    private bool IsTeam => Kind.Equals("group", StringComparison.OrdinalIgnoreCase);

    protected override async Task LoadAsync()
    {
        // What is typed stays, whatever makes the page look again.
        if (row is not null) return;
        if (OrProblem(await Catalog.FindAsync(Entity, Me, Closing)) is not { } view) return;
        var isPerson = view.Entity.Kind == "User";
        var refused = IsTeam ? await Rights.OfTeamAsync(Entity, Me, Closing)
            : isPerson ? await Rights.AdministerAsync(Me, Closing)
            : Error.NotFound("not-edited-here", $"{Entity} is no team and no person: its descriptor is edited.");
        if (refused is not null)
        {
            OrProblem<CatalogEntity>(refused);
            return;
        }
        row = view.Entity;
        (form.Title, form.Description) = (row.Title ?? row.Name, row.Description ?? "");
        form.Email = OrganisationInput.Email(row) ?? "";
    }

    private async Task SaveAsync()
    {
        working = true;
        var saved = IsTeam
            ? await Teams.EditAsync(Entity, form.Profile, Me, Closing)
            : await ChangePeople.EditAsync(Entity, form.Profile, Me, Closing);
        working = false;
        form.Wrong = saved.Error;
        if (!saved.IsOk) return;
        Toasts.Done($"{form.Title} is saved.");
        Navigation.NavigateTo(PortalUrls.Entity(Entity));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
