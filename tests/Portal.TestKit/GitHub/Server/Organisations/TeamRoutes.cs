using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Organisations;

/// <summary>Teams, who is in them and what they may do with a repository.</summary>
internal static class TeamRoutes
{
    private const string Root = "/orgs/{org}/teams";

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}", "members:read", call => call.Page(
            call.Organisation.Teams.Keys.Select(t => (JsonNode)TeamShape.Of(call.State, call.Organisation, t))));
        routes.Add($"GET {Root}/{{team_slug}}", "members:read", call => Answer.Ok(Full(call)));
        routes.Add($"GET {Root}/{{team_slug}}/members", "members:read", call => call.Page(
            call.Organisation.Teams[Slug(call)].Select(m => (JsonNode)UserShape.Simple(call.State, m))));
        routes.Add(
            $"GET {Root}/{{team_slug}}/memberships/{{username}}", "members:read", call => call.Organisation.Teams[Slug(
                call)].Contains(call["username"]) ? Answer.Ok(Membership(call)) : throw Refusal.NotFound());
        routes.Add($"PUT {Root}/{{team_slug}}/memberships/{{username}}", "members:write", Join);
        routes.Add($"DELETE {Root}/{{team_slug}}/memberships/{{username}}", "members:write", Leave);
        routes.Add($"GET {Root}/{{team_slug}}/repos", "members:read", call => call.Page(call.State.Repositories.Values
            .Where(r => r.Organisation == call.Organisation && r.Find(Kinds.Team, Slug(call)) is not null)
            .Select(r => (JsonNode)RepositoryShape.Minimal(call.State, r))));
        routes.Add(
            $"GET {Root}/{{team_slug}}/repos/{{owner}}/{{repo}}", "metadata:read", call => Answer.Ok(OfTeam(call)));
        routes.Add($"PUT {Root}/{{team_slug}}/repos/{{owner}}/{{repo}}", "administration:write", Grant);
        routes.Add($"DELETE {Root}/{{team_slug}}/repos/{{owner}}/{{repo}}", "administration:write", call =>
        {
            call.Repository.Remove(Kinds.Team, Slug(call));
            return Answer.None;
        });
        routes.Add(
            "GET /repos/{owner}/{repo}/teams", "administration:read",
            call => call.Page(call.Repository.KeysOf(Kinds.Team)
                .Select(t => (JsonNode)TeamShape.Of(
                    call.State, call.Repository.Organisation!, t,
                    (string)call.Repository.Get(Kinds.Team, t)["permission"]!))));
    }

    private static string Slug(ApiCall call) =>
        call.Organisation.Teams.ContainsKey(call["team_slug"]) ? call["team_slug"] : throw Refusal.NotFound();

    private static JsonObject Full(ApiCall call)
    {
        var made = TeamShape.Of(call.State, call.Organisation, Slug(call));
        made["members_count"] = call.Organisation.Teams[Slug(call)].Count;
        made["repos_count"] = call.State.Repositories.Values.Count(r => r.Find(Kinds.Team, Slug(call)) is not null);
        (made["created_at"], made["updated_at"]) = ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        made["organization"] = OrganisationRoutes.Full(call.State, call.Organisation);
        return made;
    }

    private static JsonObject Membership(ApiCall call) =>
        new()
        {
            ["url"] =
                $"{call.State.Api}/orgs/{call.Organisation.Login}/teams/{Slug(call)}/memberships/{call["username"]}",
            ["role"] = "member", ["state"] = "active"
        };

    private static Answer Join(ApiCall call)
    {
        Member(
            call.State, call.Organisation, Slug(call), OrganisationRoutes.Known(call.State, call["username"]),
            joins: true, call.Caller.Login);
        return Answer.Ok(Membership(call));
    }

    private static Answer Leave(ApiCall call)
    {
        Member(call.State, call.Organisation, Slug(call), call["username"], joins: false, call.Caller.Login);
        return Answer.None;
    }

    public static void Member(
        WorldState state, GitHubOrganisation organisation, string slug, string login, bool joins, string by)
    {
        if (joins) organisation.Teams[slug].Add(login);
        else organisation.Teams[slug].Remove(login);
        state.Happenings.Tell("membership", organisation, new JsonObject
        {
            ["action"] = joins ? "added" : "removed", ["scope"] = "team", ["member"] = UserShape.Simple(state, login),
            ["team"] = TeamShape.Of(state, organisation, slug), ["sender"] = UserShape.Simple(state, by),
        });
    }

    private static JsonObject OfTeam(ApiCall call)
    {
        var permission = (string)call.Repository.Get(Kinds.Team, Slug(call))["permission"]!;
        var made = RepositoryShape.Full(call.State, call.Repository);
        made["permissions"] = TeamShape.Permissions(permission);
        made["role_name"] = permission;
        return made;
    }

    private static Answer Grant(ApiCall call)
    {
        var permission = call.Text("permission") ?? "push";
        if (!TeamShape.IsLevel(permission)) throw Refusal.Failed("Team", "permission", "invalid", "Invalid permission");
        call.Repository.Put(Kinds.Team, Slug(call), new JsonObject { ["permission"] = permission });
        return Answer.None;
    }
}
