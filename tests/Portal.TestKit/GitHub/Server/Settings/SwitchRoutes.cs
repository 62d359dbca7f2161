using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>Settings that are one small object each: what was put there is what is read.</summary>
internal static class SwitchRoutes
{
    private const string Root = "/repos/{owner}/{repo}";

    public static void Add(RouteTable routes)
    {
        Object(routes, "actions/permissions", """{"enabled":true,"allowed_actions":"all"}""");
        Object(
            routes, "actions/permissions/workflow",
            """{"default_workflow_permissions":"read","can_approve_pull_request_reviews":false}""");
        Object(routes, "actions/permissions/access", """{"access_level":"none"}""");
        Object(
            routes, "actions/permissions/selected-actions",
            """{"github_owned_allowed":false,"verified_allowed":false,"patterns_allowed":[]}""");
        routes.Add(
            $"GET {Root}/actions/oidc/customization/sub", "actions:read",
            call => Answer.Ok(Current(call, "oidc", """{"use_default":true}""")));
        routes.Add(
            $"PUT {Root}/actions/oidc/customization/sub", "actions:write",
            call => Set(call, "oidc", """{"use_default":true}""", Answer.Created(new JsonObject())));
        routes.Add(
            $"GET {Root}/code-scanning/default-setup", "administration:read",
            call => Answer.Ok(Current(call, "code-scanning", Scanning)));
        routes.Add(
            $"PATCH {Root}/code-scanning/default-setup", "administration:write",
            call => Set(call, "code-scanning", Scanning, new Answer(200, new JsonObject())));
        OnOff(routes, "vulnerability-alerts", _ => Answer.None);
        OnOff(
            routes, "automated-security-fixes",
            isOn => Answer.Ok(new JsonObject { ["enabled"] = isOn, ["paused"] = false }));
    }

    private const string Scanning =
        """{"state":"not-configured","languages":[],"query_suite":"default","updated_at":null,"schedule":null}""";

    private static void Object(RouteTable routes, string path, string without)
    {
        routes.Add($"GET {Root}/{path}", "administration:read", call => Answer.Ok(Current(call, path, without)));
        routes.Add($"PUT {Root}/{path}", "administration:write", call => Set(call, path, without, Answer.None));
    }

    private static JsonObject Current(ApiCall call, string name, string without) =>
        call.Repository.Find(Kinds.Setting, name) ?? JsonNode.Parse(without)!.AsObject();

    private static Answer Set(ApiCall call, string name, string without, Answer answer)
    {
        var made = Current(call, name, without).DeepClone().AsObject();
        foreach (var (key, value) in call.Body) made[key] = value?.DeepClone();
        call.Repository.Put(Kinds.Setting, name, made);
        return answer;
    }

    /// <param name="look">What GET answers; alerts that are off are not found.</param>
    private static void OnOff(RouteTable routes, string path, Func<bool, Answer> look)
    {
        routes.Add(
            $"GET {Root}/{path}", "administration:read",
            call => call.Repository.Find(Kinds.Setting, path) is not null || path == "automated-security-fixes"
                ? look(call.Repository.Find(Kinds.Setting, path) is not null) : throw Refusal.NotFound());
        routes.Add($"PUT {Root}/{path}", "administration:write", call =>
        {
            if (path == "automated-security-fixes"
                && call.Repository.Find(Kinds.Setting, "vulnerability-alerts") is null)
            {
                throw Refusal.Unprocessable(
                    "Vulnerability alerts must be enabled to configure automated security fixes.");
            }
            call.Repository.Put(Kinds.Setting, path, []);
            return Answer.None;
        });
        routes.Add($"DELETE {Root}/{path}", "administration:write", call =>
        {
            call.Repository.RemoveWhere(Kinds.Setting, key => key == path);
            return Answer.None;
        });
    }
}
