using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>
/// People with access of their own. Nobody has to accept an invitation here: who is no member gets one, and counts at
/// once.
/// </summary>
internal static class CollaboratorRoutes
{
    private const string Root = "/repos/{owner}/{repo}/collaborators";

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}", "metadata:read", call => call.Page(
            call.Repository.KeysOf(Kinds.Collaborator).Select(login => (JsonNode)Person(call, login))));
        routes.Add($"GET {Root}/{{username}}", "metadata:read", call => call.Repository.Find(
            Kinds.Collaborator, call["username"]) is not null ? Answer.None : throw Refusal.NotFound());
        routes.Add($"GET {Root}/{{username}}/permission", "metadata:read", Permission);
        routes.Add($"PUT {Root}/{{username}}", "administration:write", Invite);
        routes.Add($"DELETE {Root}/{{username}}", "administration:write", call =>
        {
            call.Repository.RemoveWhere(
                Kinds.Collaborator,
                login => string.Equals(login, call["username"], StringComparison.OrdinalIgnoreCase));
            return Answer.None;
        });
    }

    private static JsonObject Person(ApiCall call, string login)
    {
        var permission = (string)call.Repository.Get(Kinds.Collaborator, login)["permission"]!;
        var made = UserShape.Simple(call.State, login);
        made["permissions"] = TeamShape.Permissions(permission);
        made["role_name"] = permission switch { "pull" => "read", "push" => "write", _ => permission };
        return made;
    }

    private static Answer Permission(ApiCall call)
    {
        var login = OrganisationRoutes.Known(call.State, call["username"]);
        var role = call.Repository.Find(Kinds.Collaborator, login) is not null
            ? (string)Person(call, login)["role_name"]!
                : call.Repository.Organisation?.Members.GetValueOrDefault(
                    login) switch { "admin" => "admin", "member" => "read", _ => "none" };
        var user = UserShape.Simple(call.State, login);
        user["role_name"] = role;
        return Answer.Ok(new JsonObject
        {
            ["permission"] = role switch { "maintain" => "write", "triage" => "read", _ => role }, ["role_name"] = role,
            ["user"] = user
        });
    }

    private static Answer Invite(ApiCall call)
    {
        var (repository, login, permission) = (call.Repository, OrganisationRoutes.Known(
            call.State, call["username"]), call.Text("permission") ?? "push");
        if (!TeamShape.IsLevel(permission))
        {
            throw Refusal.Failed("Repository", "permission", "invalid", "Invalid permission");
        }
        var isNew = repository.Find(Kinds.Collaborator, login) is null;
        repository.Put(Kinds.Collaborator, login, new JsonObject { ["permission"] = permission });
        if (!isNew || repository.Organisation?.Members.ContainsKey(login) == true) return Answer.None;
        var id = call.State.NextId();
        return Answer.Created(new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("RepositoryInvitation", id),
            ["repository"] = RepositoryShape.Minimal(call.State, repository),
            ["invitee"] = UserShape.Simple(call.State, login),
            ["inviter"] = UserShape.Simple(call.State, call.Caller.Login),
            ["permissions"] = permission switch { "pull" => "read", "push" => "write", _ => permission },
            ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["expired"] = false, ["url"] = $"{call.State.Api}/user/repository_invitations/{id}",
            ["html_url"] = $"{call.State.Web}/{repository.FullName}/invitations",
        });
    }
}
