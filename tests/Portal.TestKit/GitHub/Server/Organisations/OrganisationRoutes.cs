using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Organisations;

/// <summary>Organisations with their members and what repositories in them may be marked with; people.</summary>
internal static class OrganisationRoutes
{
    public static void Add(RouteTable routes)
    {
        routes.Add("GET /orgs/{org}", Access.Anybody, call => Answer.Ok(Full(call.State, call.Organisation)));
        routes.Add("GET /orgs/{org}/members", "members:read", call => call.Page(call.Organisation.Members
            .Where(m => call.Query("role") is not { } role || role == "all" || m.Value == role)
            .Select(m => (JsonNode)UserShape.Simple(call.State, m.Key))));
        routes.Add(
            "GET /orgs/{org}/members/{username}", "members:read",
            call => call.Organisation.Members.ContainsKey(call["username"]) ? Answer.None : throw Refusal.NotFound());
        routes.Add("GET /orgs/{org}/memberships/{username}", "members:read", Membership);
        routes.Add(
            "GET /orgs/{org}/properties/schema", "organization_custom_properties:read",
            call => Answer.Ok(Properties(call.Organisation)));
        routes.Add("PATCH /orgs/{org}/properties/schema", "organization_custom_properties:admin", SetProperties);
        routes.Add(
            "GET /orgs/{org}/properties/schema/{custom_property_name}", "organization_custom_properties:read",
            call => Answer.Ok(call.Organisation.Properties.GetValueOrDefault(
                call["custom_property_name"]) ?? throw Refusal.NotFound()));
        routes.Add(
            "PUT /orgs/{org}/properties/schema/{custom_property_name}", "organization_custom_properties:admin",
            call => Answer.Ok(SetProperty(call, call["custom_property_name"], call.Body)));
        routes.Add(
            "DELETE /orgs/{org}/properties/schema/{custom_property_name}", "organization_custom_properties:admin",
            call => call.Organisation.Properties.Remove(call["custom_property_name"])
                ? Answer.None
                : throw Refusal.NotFound());
        routes.Add(
            "GET /users/{username}", Access.Anybody,
            call => Answer.Ok(UserShape.Public(call.State, Known(call.State, call["username"]))));
        routes.Add("GET /user", Access.User, call => Answer.Ok(UserShape.Public(call.State, call.Caller.Login)).With(
            "X-OAuth-Scopes", "repo, workflow, admin:org"));
    }

    public static string Known(WorldState state, string login) =>
        state.Users.Keys.FirstOrDefault(u => string.Equals(u, login, StringComparison.OrdinalIgnoreCase))
            ?? state.Organisations.GetValueOrDefault(login)?.Login ?? throw Refusal.NotFound();

    public static JsonObject Simple(WorldState state, GitHubOrganisation organisation)
    {
        var api = $"{state.Api}/orgs/{organisation.Login}";
        return new JsonObject
        {
            ["login"] = organisation.Login, ["id"] = organisation.Id,
            ["node_id"] = UserShape.NodeId("Organization", organisation.Id), ["url"] = api,
            ["repos_url"] = $"{api}/repos",
            ["events_url"] = $"{api}/events", ["hooks_url"] = $"{api}/hooks", ["issues_url"] = $"{api}/issues",
            ["members_url"] = $"{api}/members{{/member}}",
            ["public_members_url"] = $"{api}/public_members{{/member}}",
            ["avatar_url"] = $"{state.Web}/avatars/u/{organisation.Id}", ["description"] = "",
        };
    }

    public static JsonObject Full(WorldState state, GitHubOrganisation organisation)
    {
        var made = Simple(state, organisation);
        foreach (var count in (string[])["public_repos", "public_gists", "followers", "following"]) made[count] = 0;
        foreach (var flag in (string[])["has_organization_projects", "has_repository_projects"]) made[flag] = true;
        (made["name"], made["html_url"], made["type"]) =
            (organisation.Login, $"{state.Web}/{organisation.Login}", "Organization");
        (made["created_at"], made["updated_at"], made["archived_at"]) =
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", null);
        made["members_can_create_repositories"] = organisation.MayCreateRepositories;
        made["total_private_repos"] =
            state.Repositories.Values.Count(r => r.Organisation == organisation && !r.IsPublic);
        return made;
    }

    private static Answer Membership(ApiCall call)
    {
        if (!call.Organisation.Members.TryGetValue(call["username"], out var role)) throw Refusal.NotFound();
        var api = $"{call.State.Api}/orgs/{call.Organisation.Login}";
        return Answer.Ok(new JsonObject
        {
            ["url"] = $"{api}/memberships/{call["username"]}", ["state"] = "active", ["role"] = role,
            ["organization_url"] = api, ["organization"] = Simple(call.State, call.Organisation),
            ["user"] = UserShape.Simple(call.State, call["username"]),
        });
    }

    private static JsonArray Properties(GitHubOrganisation organisation) =>
        new([.. organisation.Properties.Values.Select(p => p.DeepClone())]);

    private static Answer SetProperties(ApiCall call)
    {
        foreach (var property in call.Body["properties"]!.AsArray())
        {
            SetProperty(call, property!["property_name"]!.GetValue<string>(), property.AsObject());
        }
        return Answer.Ok(Properties(call.Organisation));
    }

    private static JsonObject SetProperty(ApiCall call, string name, JsonObject given)
    {
        var made = given.DeepClone().AsObject();
        (made["property_name"], made["source_type"], made["url"]) =
            (name, "organization", $"{call.State.Api}/orgs/{call.Organisation.Login}/properties/schema/{name}");
        return call.Organisation.Properties[name] = made;
    }
}
