using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Organisation;

/// <summary>A team: who is in it and asks to be, what it owns, what runs, what that costs, and what changed.</summary>
public sealed partial class TeamOverview
{
    private const int PageSize = 25;
    private const int MostAround = 100;
    private TeamView? view;
    private Page<NamedEntity>? members;
    private Page<JoinRequestView>? requests;
    private NamedEntity? added;
    private bool mayDecide, mayAdminister;

    [Parameter, EditorRequired] public required CatalogEntity Entity { get; set; }
    [Parameter, EditorRequired] public required IReadOnlyList<CatalogRelation> Relations { get; set; }

    /// <summary>After something was changed: the page reads anew.</summary>
    [Parameter] public EventCallback Changed { get; set; }
    [Inject] private ReadTeamPage Reader { get; set; } = default!;
    [Inject] private ReadOrganisation Organisation { get; set; } = default!;
    [Inject] private OrganisationRights Rights { get; set; } = default!;
    [Inject] private ChangeMembers Members { get; set; } = default!;
    [Inject] private JoinTeams Join { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private bool IsEditable => OrganisationSource.IsPortal(Entity.Location);

    private IReadOnlyList<CatalogRelation> Around => [.. Relations
        .Where(r => r.Type is Core.Entities.Relations.ChildOf or Core.Entities.Relations.ParentOf).Take(MostAround)];

    protected override async Task LoadAsync()
    {
        mayAdminister = await Rights.AdministerAsync(Me, Closing) is null;
        mayDecide = await Rights.OfTeamAsync(Entity.Ref, Me, Closing) is null;
        var offset = Paging.Offset(int.TryParse(Navigation.QueryValue("page"), out var page) ? page : 1, PageSize);
        members = OrProblem(await Organisation.MembersAsync(Entity.Ref, offset, PageSize, Me, Closing))
            ?? new Page<NamedEntity>([], 0);
        requests = mayDecide && await Join.OfTeamAsync(Entity.Ref, 0, PageSize, Me, Closing) is { IsOk: true } asked
            ? asked.Value
            : null;
        view = await Reader.TeamAsync(Entity.Ref, Me, Closing);
    }

    private string Owned(string kind) =>
        $"{PortalUrls.Catalog}?kind={kind}&owner={Uri.EscapeDataString(Entity.Key)}";

    private async Task AddAsync()
    {
        if (added is not { } person) return;
        if (await SayAsync(
            await Members.AddAsync(Entity.Ref, person.Ref, Me, Closing), $"{person.Title} is a member now."))
        {
            added = null;
        }
    }

    private Task RemoveAsync(NamedEntity member) => SayAsync(
        Members.RemoveAsync(Entity.Ref, member.Ref, Me, Closing), $"{member.Title} is no member any more.");

    private Task AnswerAsync(JoinRequestView request, bool accept) => SayAsync(
        Join.AnswerAsync(request.Id, accept, Me, Closing),
        accept ? $"{request.PersonTitle} is a member now." : $"The request of {request.PersonTitle} is declined.");

    private async Task SayAsync(Task<Result<Done>> change, string done) => await SayAsync(await change, done);

    private async Task<bool> SayAsync(Result<Done> changed, string done)
    {
        if (changed.Error is { } error) Toasts.Fail(error);
        else Toasts.Done(done);
        await LoadAsync();
        await Changed.InvokeAsync();
        return changed.IsOk;
    }
}
