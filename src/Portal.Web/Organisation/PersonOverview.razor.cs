using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>A person: teams, roles where that is the reader's business, and what they did lately.</summary>
public sealed partial class PersonOverview
{
    private PersonView? view;
    private IReadOnlyList<HeldRole> roles = [];
    private IReadOnlyList<JoinRequestView> asked = [];

    [Parameter, EditorRequired] public required CatalogEntity Entity { get; set; }
    [Inject] private ReadTeamPage Reader { get; set; } = default!;
    [Inject] private OrganisationRights Rights { get; set; } = default!;
    [Inject] private ReadRoles Roles { get; set; } = default!;
    [Inject] private People People { get; set; } = default!;
    [Inject] private JoinTeams Join { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;

    private bool IsMe => Me.Ref == Entity.Ref;

    protected override async Task LoadAsync()
    {
        view = await Reader.PersonAsync(Entity.Ref, Me, Closing);
        asked = IsMe && await Join.MineAsync(Me, Closing) is { IsOk: true } mine ? mine.Value : [];
        var seesRoles = IsMe || await Rights.AdministerAsync(Me, Closing) is null;
        roles = seesRoles ? await Roles.OfAsync(await People.PersonAsync(Entity.Ref, Closing), Closing) : [];
    }

    private async Task WithdrawAsync(JoinRequestView request)
    {
        if ((await Join.WithdrawAsync(request.Id, Me, Closing)).Error is { } error) Toasts.Fail(error);
        else Toasts.Done($"Your request to join {request.TeamTitle} is withdrawn.");
        await LoadAsync();
    }
}
