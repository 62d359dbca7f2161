using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>Rulesets; they are kept, and not enforced.</summary>
internal static class RulesetRoutes
{
    private const string Root = "/repos/{owner}/{repo}/rulesets";

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}", "metadata:read", call => call.Page(call.Repository.All(Kinds.Ruleset)));
        routes.Add($"POST {Root}", "administration:write", Create);
        routes.Add(
            $"GET {Root}/{{ruleset_id}}", "metadata:read",
            call => Answer.Ok(call.Repository.Get(Kinds.Ruleset, call["ruleset_id"])));
        routes.Add($"PUT {Root}/{{ruleset_id}}", "administration:write", Change);
        routes.Add($"DELETE {Root}/{{ruleset_id}}", "administration:write", call =>
        {
            call.Repository.Remove(Kinds.Ruleset, call["ruleset_id"]);
            return Answer.None;
        });
    }

    private static Answer Create(ApiCall call)
    {
        var (repository, name) = (call.Repository, call.Text("name")!);
        if (repository.All(Kinds.Ruleset).Any(r => (string)r["name"]! == name))
        {
            throw new Refusal(422, "Validation Failed", JsonValue.Create("Name must be unique"));
        }
        var id = call.State.NextId();
        var made = new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("Ruleset", id), ["name"] = name, ["target"] = "branch",
            ["source_type"] = "Repository", ["source"] = repository.FullName,
            ["enforcement"] = call.Text("enforcement"),
            ["bypass_actors"] = new JsonArray(), ["rules"] = new JsonArray(), ["current_user_can_bypass"] = "never",
            ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now),
            ["_links"] = new JsonObject
            {
                ["self"] = new JsonObject { ["href"] = $"{call.State.Api}/repos/{repository.FullName}/rulesets/{id}" }
            },
        };
        Copy(call.Body, made);
        repository.Put(Kinds.Ruleset, $"{id}", made, name);
        return Answer.Created(made);
    }

    private static Answer Change(ApiCall call)
    {
        var made = call.Repository.Get(Kinds.Ruleset, call["ruleset_id"]);
        Copy(call.Body, made);
        return Answer.Ok(made);
    }

    private static void Copy(JsonObject body, JsonObject made)
    {
        foreach (var (name, value) in body) made[name] = value?.DeepClone();
    }
}
