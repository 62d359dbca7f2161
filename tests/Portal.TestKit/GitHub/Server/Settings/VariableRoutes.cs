using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>Variables of a repository and of its environments.</summary>
internal static partial class VariableRoutes
{
    public static void Add(RouteTable routes)
    {
        Add(routes, "/repos/{owner}/{repo}/actions/variables", "actions_variables", _ => "");
        Add(
            routes, "/repos/{owner}/{repo}/environments/{environment_name}/variables", "environments",
            call => $"{EnvironmentRoutes.Find(call)["name"]} ");
    }

    /// <param name="prefix">Of the keys: nothing, or the environment.</param>
    private static void Add(RouteTable routes, string root, string permission, Func<ApiCall, string> prefix)
    {
        routes.Add($"GET {root}", $"{permission}:read", call => call.Page(
            Keys(call, Kinds.Variable, prefix(call)).Select(k => (JsonNode)call.Repository.Get(Kinds.Variable, k)),
            "variables"));
        routes.Add(
            $"GET {root}/{{name}}", $"{permission}:read",
            call => Answer.Ok(call.Repository.Get(Kinds.Variable, prefix(call) + call["name"].ToUpperInvariant())));
        routes.Add($"POST {root}", $"{permission}:write", call => Create(call, prefix(call)));
        routes.Add($"PATCH {root}/{{name}}", $"{permission}:write", call => Change(call, prefix(call)));
        routes.Add($"DELETE {root}/{{name}}", $"{permission}:write", call =>
        {
            call.Repository.Remove(Kinds.Variable, prefix(call) + call["name"].ToUpperInvariant());
            return Answer.None;
        });
    }

    /// <summary>Those of the repository have no space in their key.</summary>
    public static IEnumerable<string> Keys(ApiCall call, string kind, string prefix) =>
        call.Repository.KeysOf(kind)
            .Where(k => prefix.Length == 0 ? !k.Contains(' ') : k.StartsWith(prefix, StringComparison.Ordinal));

    public static string Checked(string name) =>
        !Name().IsMatch(name) || name.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase)
            ? throw Refusal.Unprocessable(
                "Names must only contain alphanumeric characters ([A-Z], [0-9]) or underscores (_), must not start with a number or with GITHUB_.") : name.ToUpperInvariant();

    private static Answer Create(ApiCall call, string prefix)
    {
        var name = Checked(call.Text("name")!);
        if (call.Repository.Find(Kinds.Variable, prefix + name) is not null)
        {
            throw new Refusal(409, "Already exists - Variable already exists");
        }
        call.Repository.Put(Kinds.Variable, prefix + name, new JsonObject
        {
            ["name"] = name, ["value"] = call.Text("value"), ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now),
        });
        return Answer.Created(new JsonObject());
    }

    private static Answer Change(ApiCall call, string prefix)
    {
        var variable = call.Repository.Get(Kinds.Variable, prefix + call["name"].ToUpperInvariant());
        if (call.Text("value") is { } value) variable["value"] = value;
        variable["updated_at"] = RepositoryShape.Time(call.State.Now);
        return Answer.None;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();
}
