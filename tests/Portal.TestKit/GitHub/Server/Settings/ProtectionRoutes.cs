using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>The protection of single branches.</summary>
internal static class ProtectionRoutes
{
    private const string Root = "/repos/{owner}/{repo}/branches/{branch}/protection";

    private static readonly string[] Switches =

        [
            "required_linear_history", "allow_force_pushes", "allow_deletions", "block_creations",
            "required_conversation_resolution", "lock_branch", "allow_fork_syncing"
        ];

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}", "administration:read", call => Answer.Ok(Find(call)));
        routes.Add($"PUT {Root}", "administration:write", ProtectAsync);
        routes.Add($"DELETE {Root}", "administration:write", call =>
        {
            Find(call);
            call.Repository.Remove(Kinds.Protection, call["branch"]);
            return Answer.None;
        });
        routes.Add($"POST {Root}/required_signatures", "administration:write", call => Sign(call, isOn: true));
        routes.Add($"DELETE {Root}/required_signatures", "administration:write", call =>
        {
            Sign(call, isOn: false);
            return Answer.None;
        });
    }

    private static JsonObject Find(ApiCall call) =>
        call.Repository.Find(Kinds.Protection, call["branch"]) ?? throw new Refusal(404, "Branch not protected");

    private static async Task<Answer> ProtectAsync(ApiCall call)
    {
        var (repository, branch) = (call.Repository, call["branch"]);
        if (await repository.Git.ReferenceAsync($"refs/heads/{branch}") is null)
        {
            throw new Refusal(404, "Branch not found");
        }
        var url = $"{call.State.Api}/repos/{repository.FullName}/branches/{branch}/protection";
        var made = new JsonObject
        {
            ["url"] = url, ["enforce_admins"] = new JsonObject
            {
                ["url"] = $"{url}/enforce_admins", ["enabled"] = call.Flag("enforce_admins") ?? false
            },
            ["required_signatures"] = new JsonObject { ["url"] = $"{url}/required_signatures", ["enabled"] = false },
        };
        foreach (var name in Switches) made[name] = new JsonObject { ["enabled"] = call.Flag(name) ?? false };
        if (call.Body["required_status_checks"] is JsonObject checks)
        {
            made["required_status_checks"] = Checks(checks, $"{url}/required_status_checks");
        }
        if (call.Body["required_pull_request_reviews"] is JsonObject reviews)
        {
            made["required_pull_request_reviews"] = Reviews(call, reviews, $"{url}/required_pull_request_reviews");
        }
        if (call.Body["restrictions"] is JsonObject limits)
        {
            made["restrictions"] = Restrictions(call, limits, $"{url}/restrictions");
        }
        repository.Put(Kinds.Protection, branch, made);
        return Answer.Ok(made);
    }

    private static JsonObject Checks(JsonObject given, string url)
    {
        var names = (given["checks"] as JsonArray)?.Select(c => (string)c!["context"]!).ToList()
            ?? [.. (given["contexts"] as JsonArray ?? []).Select(c => (string)c!)];
        return new JsonObject
        {
            ["url"] = url, ["strict"] = given["strict"]?.DeepClone() ?? false,
            ["contexts"] = new JsonArray([.. names.Select(n => (JsonNode)n)]), ["contexts_url"] = $"{url}/contexts",
            ["checks"] =
                new JsonArray([.. names.Select(n => (JsonNode)new JsonObject { ["context"] = n, ["app_id"] = null })]),
        };
    }

    private static JsonObject Reviews(ApiCall call, JsonObject given, string url)
    {
        var made = new JsonObject
        {
            ["url"] = url, ["dismiss_stale_reviews"] = false, ["require_code_owner_reviews"] = false,
            ["required_approving_review_count"] = 1, ["require_last_push_approval"] = false
        };
        foreach (var name in (string[])
        [
            "dismiss_stale_reviews", "require_code_owner_reviews", "required_approving_review_count",
            "require_last_push_approval"
        ])
        {
            if (given[name] is { } value) made[name] = value.DeepClone();
        }
        if (given["dismissal_restrictions"] is JsonObject { Count: > 0 } dismissal)
        {
            made["dismissal_restrictions"] = Restrictions(call, dismissal, $"{url}/dismissal_restrictions");
        }
        if (given["bypass_pull_request_allowances"] is JsonObject { Count: > 0 } bypass)
        {
            made["bypass_pull_request_allowances"] = Restrictions(call, bypass, url);
        }
        return made;
    }

    /// <summary>Only who can reach the repository may be named.</summary>
    private static JsonObject Restrictions(ApiCall call, JsonObject given, string url)
    {
        var organisation = call.Repository.Organisation ?? throw new Refusal(
            422, "Validation Failed",
            JsonValue.Create("Only organization repositories can have users and team restrictions"));
        if (Names(given, "teams").FirstOrDefault(t => !organisation.Teams.ContainsKey(t)) is { } unknown)
        {
            throw new Refusal(
                422, "Validation Failed",
                JsonValue.Create($"Could not resolve to a Team with the slug of '{unknown}'."));
        }
        return new JsonObject
        {
            ["url"] = url, ["users_url"] = $"{url}/users", ["teams_url"] = $"{url}/teams", ["apps_url"] = $"{url}/apps",
            ["apps"] = new JsonArray(),
            ["users"] =
                new JsonArray([.. Names(given, "users").Select(u => (JsonNode)UserShape.Simple(call.State, u))]),
            ["teams"] = new JsonArray(
                [.. Names(given, "teams").Select(t => (JsonNode)TeamShape.Of(call.State, organisation, t))]),
        };
    }

    private static IEnumerable<string> Names(JsonObject given, string kind) =>
        (given[kind] as JsonArray ?? []).Select(n => (string)n!);

    private static Answer Sign(ApiCall call, bool isOn)
    {
        var signatures = Find(call)["required_signatures"]!;
        signatures["enabled"] = isOn;
        return Answer.Ok(signatures);
    }
}
