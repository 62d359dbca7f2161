using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

public sealed partial class OrganisationActions
{
    private ConfirmDialog? removing, leaving, joining;
    private string message = "";
    private bool mayEdit, mayAdminister, isAdministrator, isMember, hasAsked;

    [Parameter, EditorRequired] public required CatalogEntity Entity { get; set; }

    /// <summary>After something was changed: the page reads anew.</summary>
    [Parameter] public EventCallback Changed { get; set; }
    [Inject] private OrganisationRights Rights { get; set; } = default!;
    [Inject] private ReadOrganisation Organisation { get; set; } = default!;
    [Inject] private ReadRoles Roles { get; set; } = default!;
    [Inject] private ChangeTeams Teams { get; set; } = default!;
    [Inject] private ChangePeople People { get; set; } = default!;
    [Inject] private ChangeMembers Members { get; set; } = default!;
    [Inject] private JoinTeams Join { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private bool IsTeam => Entity.Kind == "Group";

    private bool IsEditable => OrganisationSource.IsPortal(Entity.Location);

    private string Title => Entity.Title ?? Entity.Name;

    protected override async Task LoadAsync()
    {
        mayAdminister = await Rights.AdministerAsync(Me, Closing) is null;
        mayEdit = IsEditable && (IsTeam ? await Rights.OfTeamAsync(Entity.Ref, Me, Closing) is null : mayAdminister);
        if (!IsTeam)
        {
            isAdministrator = mayAdminister && await Roles.IsAdministratorByNameAsync(Entity.Ref, Closing);
            return;
        }
        isMember = (await Organisation.TeamsOfAsync(Me.Ref, Closing)).Any(t => t.Ref == Entity.Ref);
        hasAsked = await Join.MineAsync(Me, Closing) is { IsOk: true } mine
            && mine.Value.Any(r => r.Team == Entity.Ref);
    }

    private async Task JoinAsync()
    {
        if (await joining!.ShowAsync()) await RefreshAsync($"You asked to join {Title}.");
    }

    private async Task LeaveAsync()
    {
        if (await leaving!.ShowAsync()) await RefreshAsync($"You left {Title}.");
    }

    private async Task RemoveAsync()
    {
        if (!await removing!.ShowAsync()) return;
        Toasts.Done($"{Title} is removed.");
        Navigation.NavigateTo(IsTeam ? PortalUrls.Teams : PortalUrls.People);
    }

    private async Task SetAdministratorAsync()
    {
        var was = isAdministrator;
        var set = await People.SetAdministratorAsync(Entity.Ref, !was, Me, Closing);
        if (set.Error is { } error) Toasts.Fail(error);
        else await RefreshAsync($"{Title} {(was ? "is no administrator by name any more" : "administers the portal now")}.");
    }

    private async Task<string?> AskedAsync() =>
        (await Join.AskAsync(Entity.Ref, message, Me, Closing)).Error?.Message;

    private async Task<string?> LeftAsync() =>
        (await Members.RemoveAsync(Entity.Ref, Me.Ref, Me, Closing)).Error?.Message;

    private async Task<string?> RemovedAsync() => (IsTeam
        ? await Teams.RemoveAsync(Entity.Ref, Me, Closing)
        : await People.RemoveAsync(Entity.Ref, Me, Closing)).Error?.Message;

    /// <summary>After a dialog has closed: it is no part of what shows then.</summary>
    private async Task RefreshAsync(string done)
    {
        Toasts.Done(done);
        await LoadAsync();
        await Changed.InvokeAsync();
    }
}
