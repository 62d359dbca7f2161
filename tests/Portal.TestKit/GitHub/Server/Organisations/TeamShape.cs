using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Organisations;

/// <summary>Teams as GitHub writes them.</summary>
internal static class TeamShape
{
    private static readonly string[] Levels = ["pull", "triage", "push", "maintain", "admin"];

    public static JsonObject Of(
        WorldState state, GitHubOrganisation organisation, string slug, string permission = "pull")
    {
        var (id, api) = (organisation.TeamIds.GetValueOrDefault(
            slug), $"{state.Api}/organizations/{organisation.Id}/team/{organisation.TeamIds.GetValueOrDefault(slug)}");
        return new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("Team", id), ["name"] = slug, ["slug"] = slug,
            ["description"] = "", ["privacy"] = "closed", ["notification_setting"] = "notifications_enabled",
            ["permission"] = permission, ["permissions"] = Permissions(permission), ["url"] = api,
            ["html_url"] = $"{state.Web}/orgs/{organisation.Login}/teams/{slug}",
            ["members_url"] = $"{api}/members{{/member}}",
            ["repositories_url"] = $"{api}/repos", ["type"] = "organization", ["organization_id"] = organisation.Id,
            ["parent"] = null,
        };
    }

    public static JsonObject Permissions(string permission) => new(
        Levels.Select((level, i) => KeyValuePair.Create(level, (JsonNode?)(i <= Array.IndexOf(Levels, permission)))));

    public static bool IsLevel(string permission) => Levels.Contains(permission);
}
