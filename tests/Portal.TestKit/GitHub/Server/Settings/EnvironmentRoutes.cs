using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>Deployment environments with their rules.</summary>
internal static class EnvironmentRoutes
{
    private const string Root = "/repos/{owner}/{repo}/environments";
    private const string Policies = $"{Root}/{{environment_name}}/deployment-branch-policies";

    public static void Add(RouteTable routes)
    {
        routes.Add(
            $"GET {Root}", "actions:read", call => call.Page(call.Repository.All(Kinds.Environment), "environments"));
        routes.Add($"GET {Root}/{{environment_name}}", "actions:read", call => Answer.Ok(Find(call)));
        routes.Add($"PUT {Root}/{{environment_name}}", "administration:write", Put);
        routes.Add($"DELETE {Root}/{{environment_name}}", "administration:write", Delete);
        routes.Add($"GET {Policies}", "actions:read", call => call.Page(OfEnvironment(call), "branch_policies"));
        routes.Add($"POST {Policies}", "administration:write", AddPolicy);
        routes.Add($"DELETE {Policies}/{{branch_policy_id}}", "administration:write", call =>
        {
            call.Repository.Remove(Kinds.BranchPolicy, $"{Name(call)} {call["branch_policy_id"]}");
            return Answer.None;
        });
    }

    public static JsonObject Find(ApiCall call) => call.Repository.Get(Kinds.Environment, Name(call));

    /// <summary>Names differ in more than their case.</summary>
    private static string Name(ApiCall call) =>
        call.Repository.KeysOf(Kinds.Environment).FirstOrDefault(k => string.Equals(
            k, call["environment_name"], StringComparison.OrdinalIgnoreCase)) ?? call["environment_name"];

    private static Answer Put(ApiCall call)
    {
        var (repository, name) = (call.Repository, Name(call));
        if (name.Length > 255 || name.Any(c => c is '\'' or '"' or '`' or ',' or ';' or '\\'))
        {
            throw Refusal.Unprocessable("Name contains invalid characters");
        }
        var policy = call.Body["deployment_branch_policy"] as JsonObject;
        if (policy is not null && (bool)policy["protected_branches"]! == (bool)policy["custom_branch_policies"]!)
        {
            throw Refusal.Unprocessable("protected_branches and custom_branch_policies cannot have the same value");
        }
        var old = repository.Find(Kinds.Environment, name);
        var made = new JsonObject
        {
            ["id"] = old?["id"]?.DeepClone() ?? call.State.NextId(),
            ["node_id"] = UserShape.NodeId("Environment", repository.Id), ["name"] = name,
            ["url"] = $"{call.State.Api}/repos/{repository.FullName}/environments/{Uri.EscapeDataString(name)}",
            ["html_url"] =
                $"{call.State.Web}/{repository.FullName}/deployments/activity_log?environments_filter={Uri.EscapeDataString(name)}",
            ["created_at"] = old?["created_at"]?.DeepClone() ?? RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["protection_rules"] = Rules(call),
            ["deployment_branch_policy"] = policy?.DeepClone(),
        };
        repository.Put(Kinds.Environment, name, made);
        return Answer.Ok(made);
    }

    private static JsonArray Rules(ApiCall call)
    {
        var rules = new JsonArray();
        if (call.Body["wait_timer"]?.GetValue<int>() is { } minutes and > 0)
        {
            if (minutes > 43200) throw Refusal.Unprocessable("wait_timer must be between 0 and 43200");
            Rule("wait_timer")["wait_timer"] = minutes;
        }
        if (call.Body["reviewers"] is JsonArray { Count: > 0 } reviewers)
        {
            if (reviewers.Count > 6) throw Refusal.Unprocessable("At most 6 reviewers are allowed");
            var rule = Rule("required_reviewers");
            rule["prevent_self_review"] = call.Flag("prevent_self_review") ?? false;
            rule["reviewers"] = new JsonArray([.. reviewers.Select(r => (JsonNode)Reviewer(call, r!.AsObject()))]);
        }
        if (call.Body["deployment_branch_policy"] is JsonObject) Rule("branch_policy");
        return rules;

        JsonObject Rule(string type)
        {
            var id = call.State.NextId();
            var rule = new JsonObject { ["id"] = id, ["node_id"] = UserShape.NodeId("GateRule", id), ["type"] = type };
            rules.Add(rule);
            return rule;
        }
    }

    private static JsonObject Reviewer(ApiCall call, JsonObject given)
    {
        var (id, type) = ((long)given["id"]!, (string)given["type"]!);
        var organisation = call.Repository.Organisation;
        var reviewer = type == "Team"
            ? organisation?.TeamIds.FirstOrDefault(t => t.Value == id).Key is { } slug
                ? TeamShape.Of(call.State, organisation, slug)
                : null
            : call.State.Users.FirstOrDefault(u => u.Value == id).Key is { } login
                ? UserShape.Simple(call.State, login)
                : null;
        return new JsonObject { ["type"] = type, ["reviewer"] = reviewer
            ?? throw Refusal.Unprocessable("Reviewer does not exist or has no access to the repository") };
    }

    private static Answer Delete(ApiCall call)
    {
        var name = (string)Find(call)["name"]!;
        foreach (var kind in (string[])[Kinds.BranchPolicy, Kinds.Variable, Kinds.Secret])
        {
            call.Repository.RemoveWhere(kind, key => key.StartsWith($"{name} ", StringComparison.Ordinal));
        }
        call.Repository.Remove(Kinds.Environment, name);
        return Answer.None;
    }

    private static IEnumerable<JsonNode> OfEnvironment(ApiCall call)
    {
        var name = (string)Find(call)["name"]!;
        return call.Repository.KeysOf(Kinds.BranchPolicy).Where(k => k.StartsWith($"{name} ", StringComparison.Ordinal))
            .Select(k => (JsonNode)call.Repository.Get(Kinds.BranchPolicy, k));
    }

    private static Answer AddPolicy(ApiCall call)
    {
        var environment = Find(call);
        if ((bool?)environment["deployment_branch_policy"]?["custom_branch_policies"] != true) throw Refusal.NotFound();
        var id = call.State.NextId();
        var made = new JsonObject { ["id"] = id, ["node_id"] = UserShape.NodeId(
            "GateBranchPolicy", id), ["name"] = call.Text("name"), ["type"] = call.Text("type") ?? "branch" };
        call.Repository.Put(
            Kinds.BranchPolicy, $"{environment["name"]} {id}", made, $"{environment["name"]} {call.Text("name")}");
        return Answer.Ok(made);
    }
}
