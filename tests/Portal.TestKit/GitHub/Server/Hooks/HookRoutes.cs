using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub.Server.Hooks;

/// <summary>Who hears of what, for a repository and for an organisation.</summary>
internal sealed class HookRoutes(WorldState state, WebhookSender sender)
{
    private const string Repository = "/repos/{owner}/{repo}/hooks";
    private const string Organisation = "/orgs/{org}/hooks";

    public void Add(RouteTable routes)
    {
        routes.Add(
            $"GET {Repository}", "repository_hooks:read",
            call => call.Page(call.Repository.All(Kinds.Hook).Select(Shown)));
        routes.Add(
            $"GET {Repository}/{{hook_id}}", "repository_hooks:read",
            call => Answer.Ok(Shown(call.Repository.Get(Kinds.Hook, call["hook_id"]))));
        routes.Add($"POST {Repository}", "repository_hooks:write", CreateForRepository);
        routes.Add(
            $"PATCH {Repository}/{{hook_id}}", "repository_hooks:write",
            call => Change(call, call.Repository.Get(Kinds.Hook, call["hook_id"])));
        routes.Add($"DELETE {Repository}/{{hook_id}}", "repository_hooks:write", call =>
        {
            call.Repository.Remove(Kinds.Hook, call["hook_id"]);
            return Answer.None;
        });
        routes.Add(
            $"GET {Organisation}", "organization_hooks:read",
            call => call.Page(call.Organisation.Hooks.Values.Select(Shown)));
        routes.Add($"GET {Organisation}/{{hook_id}}", "organization_hooks:read", call => Answer.Ok(Shown(Find(call))));
        routes.Add($"POST {Organisation}", "organization_hooks:write", CreateForOrganisation);
        routes.Add($"PATCH {Organisation}/{{hook_id}}", "organization_hooks:write", call => Change(call, Find(call)));
        routes.Add($"DELETE {Organisation}/{{hook_id}}", "organization_hooks:write", Delete);
    }

    private static JsonObject Find(ApiCall call) =>
        call.Organisation.Hooks.GetValueOrDefault(call["hook_id"]) ?? throw Refusal.NotFound();

    private Answer CreateForRepository(ApiCall call)
    {
        var repository = call.Repository;
        if (repository.All(Kinds.Hook).Any(h => (string?)h["config"]!["url"] == (string?)call.Body["config"]?["url"]))
        {
            throw new Refusal(422, "Validation Failed", new JsonObject
            {
                ["resource"] = "Hook", ["code"] = "custom", ["message"] = "Hook already exists on this repository"
            });
        }
        var hook = Make(call, "Repository", $"{state.Api}/repos/{repository.FullName}/hooks");
        hook["test_url"] = $"{hook["url"]}/tests";
        hook["last_response"] = new JsonObject { ["code"] = null, ["status"] = "unused", ["message"] = null };
        repository.Put(Kinds.Hook, $"{hook["id"]}", hook, $"{hook["config"]!["url"]}");
        sender.Ping(hook, repository, repository.Organisation, call.Caller.Login);
        return Answer.Created(Shown(hook));
    }

    private Answer CreateForOrganisation(ApiCall call)
    {
        var hook = Make(call, "Organization", $"{state.Api}/orgs/{call.Organisation.Login}/hooks");
        call.Organisation.Hooks[$"{hook["id"]}"] = hook;
        state.Ledger.Note(new OutsideThing(
            Kinds.Hook, $"{call.Organisation.Login} {hook["id"]}",
            $"{call.Organisation.Login} {hook["config"]!["url"]}", call.Organisation.Login));
        sender.Ping(hook, null, call.Organisation, call.Caller.Login);
        return Answer.Created(Shown(hook));
    }

    private JsonObject Make(ApiCall call, string type, string address)
    {
        if (!Uri.TryCreate((string?)call.Body["config"]?["url"], UriKind.Absolute, out _))
        {
            throw Refusal.Failed("Hook", "url", "invalid", "url is not a valid URL");
        }
        var id = state.NextId();
        var hook = new JsonObject
        {
            ["type"] = type, ["id"] = id, ["name"] = "web", ["active"] = call.Flag("active") ?? true,
            ["events"] = call.Body["events"]?.DeepClone() ?? new JsonArray("push"),
            ["updated_at"] = RepositoryShape.Time(state.Now), ["created_at"] = RepositoryShape.Time(state.Now),
            ["url"] = $"{address}/{id}", ["ping_url"] = $"{address}/{id}/pings",
            ["deliveries_url"] = $"{address}/{id}/deliveries",
        };
        SetConfig(hook, call.Body["config"]!.AsObject());
        return hook;
    }

    private static void SetConfig(JsonObject hook, JsonObject given)
    {
        var config = new JsonObject
        {
            ["content_type"] = given["content_type"]?.DeepClone() ?? "form",
            ["insecure_ssl"] = given["insecure_ssl"]?.DeepClone() ?? "0", ["url"] = given["url"]?.DeepClone()
        };
        if (given["secret"] is { } secret)
        {
            config["secret"] = "********";
            hook["_secret"] = secret.DeepClone();
        }
        hook["config"] = config;
    }

    private static Answer Change(ApiCall call, JsonObject hook)
    {
        foreach (var name in (string[])["active", "events"])
        {
            if (call.Body[name] is { } value) hook[name] = value.DeepClone();
        }
        if (call.Body["config"] is JsonObject config) SetConfig(hook, config);
        return Answer.Ok(Shown(hook));
    }

    private Answer Delete(ApiCall call)
    {
        Find(call);
        call.Organisation.Hooks.Remove(call["hook_id"]);
        state.Ledger.NoteRemoved(new OutsideThing(
            Kinds.Hook, $"{call.Organisation.Login} {call["hook_id"]}", null, call.Organisation.Login));
        return Answer.None;
    }

    /// <summary>The secret is never shown again.</summary>
    private static JsonNode Shown(JsonObject hook)
    {
        var shown = hook.DeepClone().AsObject();
        shown.Remove("_secret");
        return shown;
    }
}
