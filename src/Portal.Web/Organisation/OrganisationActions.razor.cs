using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
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
    [Inject] private Teams Teams { get; set; } = default!;
    [Inject] private ChangePeople ChangePeople { get; set; } = default!;
    [Inject] private Members Members { get; set; } = default!;
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
            && mine.Value.Items.Any(r => r.Team == Entity.Ref);
    }

    private Task<string?> AskAsync() => TellAsync(
        async () => (await Join.AskAsync(Entity.Ref, message, Me, Closing)).Error,
        $"You asked to join {Title}.");

    private Task<string?> LeaveAsync() => TellAsync(
        async () => (await Members.RemoveAsync(Entity.Ref, Me.Ref, Me, Closing)).Error, $"You left {Title}.");

    private async Task<string?> RemoveAsync()
    {
        var removed = IsTeam
            ? await Teams.RemoveAsync(Entity.Ref, Me, Closing)
            : await ChangePeople.RemoveAsync(Entity.Ref, Me, Closing);
        if (removed.Error is { } error) return error.Message;
        Toasts.Done($"{Title} is removed.");
        Navigation.NavigateTo(IsTeam ? PortalUrls.Teams : PortalUrls.People);
        return null;
    }

    private async Task SetAdministratorAsync()
    {
        var wrong = await TellAsync(
            async () => (await ChangePeople.SetAdministratorAsync(Entity.Ref, !isAdministrator, Me, Closing)).Error,
            isAdministrator ? $"{Title} is no administrator by name any more." : $"{Title} administers the portal now.");
        if (wrong is not null) Toasts.Fail(wrong);
    }

    private async Task<string?> TellAsync(Func<Task<Error?>> change, string done)
    {
        if (await change() is { } error) return error.Message;
        Toasts.Done(done);
        await LoadAsync();
        await Changed.InvokeAsync();
        return null;
    }
}
