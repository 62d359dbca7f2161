using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Organisation;

/// <summary>Teams, who is in them, and who asks to be.</summary>
internal static class TeamEndpoints
{
    private const string One = "/{ns}/{name}";

    public static void MapTeamsApi(this IEndpointRouteBuilder api)
    {
        var teams = api.MapGroup("/teams").WithTags("People and teams");
        teams.MapGet("", ListAsync).Named("listTeams", "Teams that match, a page at a time");
        teams.MapPost("", CreateAsync).Named("createTeam", "Create a team; for administrators")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict)
            .Example("""{"name": "checkout", "title": "Checkout team", "email": "checkout@example.com"}""");
        teams.MapPut(One, EditAsync)
            .Named("editTeam", "Change title, description and email of a team that was made in the portal")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"title": "Checkout team", "description": "From the basket to the invoice"}""");
        teams.MapDelete(One, RemoveAsync)
            .Named("removeTeam", "Remove a team that was made in the portal and owns nothing; for administrators")
            .Fails(StatusCodes.Status409Conflict);
        MapMembers(teams);
        MapJoinRequests(teams, api.MapGroup("/join-requests").WithTags("People and teams"));
    }

    private static void MapMembers(RouteGroupBuilder teams)
    {
        teams.MapGet(One + "/members", MembersAsync).Named("listMembers", "Direct members of a team");
        teams.MapPost(One + "/members", AddMemberAsync)
            .Named("addMember", "Make a person a member; for members of the team and administrators")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"person": "user:default/ada"}""");
        teams.MapDelete(One + "/members/{personNs}/{person}", RemoveMemberAsync)
            .Named("removeMember", "Take a person out of a team: oneself, or as an administrator anybody")
            .Fails(StatusCodes.Status409Conflict);
    }

    private static void MapJoinRequests(RouteGroupBuilder teams, RouteGroupBuilder requests)
    {
        teams.MapGet(One + "/join-requests", RequestsAsync)
            .Named("listJoinRequests", "Who asks to join a team; for members of the team and administrators");
        teams.MapPost(One + "/join-requests", AskAsync).Named("askToJoin", "Ask to join a team")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"message": "I work on the checkout from Monday on."}""");
        requests.MapGet("", MineAsync).Named("listMyJoinRequests", "Your own that nobody has answered yet");
        requests.MapPost("/{id:guid}/accept", AcceptAsync)
            .Named("acceptJoinRequest", "Let who asks into the team").Fails(StatusCodes.Status409Conflict);
        requests.MapPost("/{id:guid}/decline", DeclineAsync)
            .Named("declineJoinRequest", "Do not let who asks into the team").Fails(StatusCodes.Status409Conflict);
        requests.MapDelete("/{id:guid}", WithdrawAsync).Named("withdrawJoinRequest", "Ask no more: your own request")
            .Fails(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<Page<TeamSummary>>, Problem>> ListAsync(
        [AsParameters] OrganisationQuery query, Caller caller, ReadOrganisation read,
        CancellationToken cancellation) =>
        (await read.TeamsAsync(query.ToFilter(), caller, cancellation)).ToPage(TeamSummary.Of);

    private static async Task<Results<Created<MadeEntity>, Problem>> CreateAsync(
        TeamRequest body, Caller caller, ChangeTeams teams, CancellationToken cancellation) =>
        (await teams.CreateAsync(body.ToTeam(), caller, cancellation)).ToCreated(
            t => $"/api/v1/catalog/entities/group/{t.Namespace}/{t.Name}", t => new MadeEntity(t.ToString()));

    private static async Task<Results<NoContent, Problem>> EditAsync(
        string ns, string name, ProfileRequest body, Caller caller, ChangeTeams teams,
        CancellationToken cancellation) =>
        (await teams.EditAsync(Team(ns, name), body.ToProfile(), caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string ns, string name, Caller caller, ChangeTeams teams, CancellationToken cancellation) =>
        (await teams.RemoveAsync(Team(ns, name), caller, cancellation)).ToNoContent();

    private static async Task<Results<Ok<Page<Member>>, Problem>> MembersAsync(
        string ns, string name, int? offset, int? limit, Caller caller, ReadOrganisation read,
        CancellationToken cancellation) =>
        (await read.MembersAsync(Team(ns, name), offset ?? 0, limit ?? 50, caller, cancellation)).ToPage(Member.Of);

    private static async Task<Results<NoContent, Problem>> AddMemberAsync(
        string ns, string name, MemberRequest body, Caller caller, ChangeMembers members,
        CancellationToken cancellation) =>
        OrganisationInput.Reference(body.Person, "user").TryGet(out var person, out var wrong)
            ? (await members.AddAsync(Team(ns, name), person, caller, cancellation)).ToNoContent()
            : wrong.ToProblem();

    private static async Task<Results<NoContent, Problem>> RemoveMemberAsync(
        string ns, string name, string personNs, string person, Caller caller, ChangeMembers members,
        CancellationToken cancellation) =>
        (await members.RemoveAsync(
            Team(ns, name), new EntityRef("user", personNs, person), caller, cancellation)).ToNoContent();

    private static async Task<Results<Ok<Page<JoinRequestSummary>>, Problem>> RequestsAsync(
        string ns, string name, int? offset, int? limit, Caller caller, JoinTeams join,
        CancellationToken cancellation) =>
        (await join.OfTeamAsync(Team(ns, name), offset ?? 0, limit ?? 50, caller, cancellation))
            .ToPage(JoinRequestSummary.Of);

    private static async Task<Results<Created<MadeJoinRequest>, Problem>> AskAsync(
        string ns, string name, JoinWish body, Caller caller, JoinTeams join, CancellationToken cancellation) =>
        (await join.AskAsync(Team(ns, name), body.Message, caller, cancellation))
            .ToCreated(_ => "/api/v1/join-requests", id => new MadeJoinRequest(id));

    private static async Task<Results<Ok<Listed<JoinRequestSummary>>, Problem>> MineAsync(
        Caller caller, JoinTeams join, CancellationToken cancellation) =>
        (await join.MineAsync(caller, cancellation)).ToList(JoinRequestSummary.Of);

    private static async Task<Results<NoContent, Problem>> AcceptAsync(
        Guid id, Caller caller, JoinTeams join, CancellationToken cancellation) =>
        (await join.AnswerAsync(id, true, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> DeclineAsync(
        Guid id, Caller caller, JoinTeams join, CancellationToken cancellation) =>
        (await join.AnswerAsync(id, false, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> WithdrawAsync(
        Guid id, Caller caller, JoinTeams join, CancellationToken cancellation) =>
        (await join.WithdrawAsync(id, caller, cancellation)).ToNoContent();

    private static EntityRef Team(string ns, string name) => new("group", ns, name);
}
