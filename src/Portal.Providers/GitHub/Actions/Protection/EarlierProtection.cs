using System.Text.Json.Nodes;

namespace Portal.Providers.GitHub.Actions.Protection;

/// <summary>Turns a protection as GitHub tells it into one as GitHub takes it: the two differ in form.</summary>
internal static class EarlierProtection
{
    private static readonly string[] Switches =
        [
            "required_linear_history", "allow_force_pushes", "allow_deletions", "block_creations",
            "required_conversation_resolution", "lock_branch", "allow_fork_syncing"];

    public static JsonObject ToBody(JsonObject told)
    {
        var body = new JsonObject
        {
            ["required_status_checks"] = Checks(told["required_status_checks"]),
            ["enforce_admins"] = IsOn(told["enforce_admins"]),
            ["required_pull_request_reviews"] = Reviews(told["required_pull_request_reviews"]),
            ["restrictions"] = Who(told["restrictions"]),
        };
        foreach (var name in Switches) body[name] = IsOn(told[name]);
        return body;
    }

    public static bool RequiresSignatures(JsonObject told) => IsOn(told["required_signatures"]);

    private static bool IsOn(JsonNode? node) => (bool?)node?["enabled"] == true;

    private static JsonObject? Checks(JsonNode? told)
    {
        if (told is not JsonObject) return null;
        var checks = (told["checks"] as JsonArray ?? []).Select(c => (JsonNode)Check(c!.AsObject())).ToArray();
        // The old form is asked for too; with both, the newer one counts.
        return new JsonObject
        {
            ["strict"] = (bool?)told["strict"] == true, ["contexts"] = told["contexts"]?.DeepClone() ?? new JsonArray(),
            ["checks"] = new JsonArray(checks),
        };
    }

    private static JsonObject Check(JsonObject told)
    {
        var check = new JsonObject { ["context"] = told["context"]?.DeepClone() };
        if (told["app_id"] is { } app) check["app_id"] = app.DeepClone();
        return check;
    }

    private static JsonObject? Reviews(JsonNode? told)
    {
        if (told is not JsonObject) return null;
        var body = new JsonObject
        {
            ["dismiss_stale_reviews"] = (bool?)told["dismiss_stale_reviews"] == true,
            ["require_code_owner_reviews"] = (bool?)told["require_code_owner_reviews"] == true,
            ["require_last_push_approval"] = (bool?)told["require_last_push_approval"] == true,
            ["required_approving_review_count"] = (int?)told["required_approving_review_count"] ?? 0,
        };
        foreach (var name in (string[])["dismissal_restrictions", "bypass_pull_request_allowances"])
        {
            if (Who(told[name]) is { } who) body[name] = who;
        }
        return body;
    }

    private static JsonObject? Who(JsonNode? told) => told is not JsonObject ? null : new JsonObject
    {
        ["users"] = Names(told["users"], "login"), ["teams"] = Names(told["teams"], "slug"),
        ["apps"] = Names(told["apps"], "slug"),
    };

    private static JsonArray Names(JsonNode? list, string key) =>
        new([.. (list as JsonArray ?? []).Select(i => i?[key]?.DeepClone())]);
}
