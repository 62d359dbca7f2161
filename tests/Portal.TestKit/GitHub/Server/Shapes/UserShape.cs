using System.Text;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.Shapes;

/// <summary>People, organisations and apps as GitHub writes them.</summary>
internal static class UserShape
{
    private static readonly string[] Links =
    [
        "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions", "repos",
        "events{/privacy}", "received_events"
    ];

    public static JsonObject Simple(WorldState state, string login)
    {
        var organisation = state.Organisations.GetValueOrDefault(login);
        var type = organisation is not null
            ? "Organization"
            : login.EndsWith("[bot]", StringComparison.Ordinal) ? "Bot" : "User";
        var id = organisation?.Id ?? state.UserId(login);
        var api = $"{state.Api}/users/{Uri.EscapeDataString(login)}";
        var user = new JsonObject
        {
            ["login"] = login, ["id"] = id, ["node_id"] = NodeId(type, id),
            ["avatar_url"] = $"{state.Web}/avatars/u/{id}", ["gravatar_id"] = "",
            ["url"] = api,
            ["html_url"] = type == "Bot" ? $"{state.Web}/apps/{login.Split('[')[0]}" : $"{state.Web}/{login}",
            ["type"] = type, ["user_view_type"] = "public", ["site_admin"] = false,
        };
        foreach (var link in Links) user[$"{link.Split('{')[0]}_url"] = $"{api}/{link}";
        user["organizations_url"] = $"{api}/orgs";
        return user;
    }

    public static JsonObject Public(WorldState state, string login)
    {
        var user = Simple(state, login);
        foreach (var empty in (string[])["name", "company", "location", "email", "hireable", "bio", "twitter_username"])
        {
            user[empty] = null;
        }
        user["name"] = char.ToUpperInvariant(login[0]) + login[1..];
        user["blog"] = "";
        foreach (var count in (string[])["public_repos", "public_gists", "followers", "following"]) user[count] = 0;
        user["created_at"] = "2026-01-01T00:00:00Z";
        user["updated_at"] = "2026-01-01T00:00:00Z";
        return user;
    }

    public static string NodeId(string kind, long id) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{kind}:{id}"));
}
