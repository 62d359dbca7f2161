using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>Deployments and how they went.</summary>
internal static class DeploymentRoutes
{
    private const string Root = "/repos/{owner}/{repo}/deployments";

    public static void Add(RouteTable routes)
    {
        routes.Add(
            $"GET {Root}", "deployments:read",
            call => call.Page(call.Repository.All(Kinds.Deployment).Reverse().Where(d =>
                ((string[])["sha", "ref", "environment", "task"]).All(
                    name => call.Query(name) is not { } wanted || (string?)d[name] == wanted))));
        routes.Add(
            $"GET {Root}/{{deployment_id}}", "deployments:read",
            call => Answer.Ok(call.Repository.Get(Kinds.Deployment, call["deployment_id"])));
        routes.Add($"POST {Root}", "deployments:write", CreateAsync);
        routes.Add($"DELETE {Root}/{{deployment_id}}", "deployments:write", Delete);
        routes.Add(
            $"GET {Root}/{{deployment_id}}/statuses", "deployments:read", call => call.Page(Statuses(call).Reverse()));
        routes.Add($"POST {Root}/{{deployment_id}}/statuses", "deployments:write", Tell);
    }

    private static async Task<Answer> CreateAsync(ApiCall call)
    {
        var (repository, reference, id) = (call.Repository, call.Text("ref")!, call.State.NextId());
        var sha = await repository.Git.ResolveAsync(reference + "^{commit}")
            ?? throw Refusal.Unprocessable($"No ref found for: {reference}");
        var (url, environment) = ($"{call.State.Api}/repos/{repository.FullName}/deployments/{id}", call.Text(
            "environment") ?? "production");
        var made = new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("Deployment", id), ["url"] = url, ["sha"] = sha,
            ["ref"] = reference, ["task"] = call.Text("task") ?? "deploy",
            ["payload"] = call.Body["payload"]?.DeepClone() ?? new JsonObject(),
            ["original_environment"] = environment, ["environment"] = environment,
            ["description"] = call.Text("description"), ["creator"] = UserShape.Simple(call.State, call.Caller.Login),
            ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["statuses_url"] = $"{url}/statuses",
            ["repository_url"] = $"{call.State.Api}/repos/{repository.FullName}",
            ["transient_environment"] = call.Flag("transient_environment") ?? false,
            ["production_environment"] = call.Flag("production_environment") ?? environment == "production",
        };
        repository.Put(Kinds.Deployment, $"{id}", made, $"{sha} {environment}");
        return Answer.Created(made);
    }

    private static Answer Delete(ApiCall call)
    {
        if (Statuses(call).LastOrDefault() is { } last && (string?)last["state"] != "inactive")
        {
            throw Refusal.Unprocessable(
                "We cannot delete an active deployment unless it is the only deployment in a given environment.");
        }
        var id = call["deployment_id"];
        call.Repository.RemoveWhere(Kinds.DeploymentStatus, key => key.StartsWith($"{id} ", StringComparison.Ordinal));
        call.Repository.Remove(Kinds.Deployment, id);
        return Answer.None;
    }

    private static IEnumerable<JsonNode> Statuses(ApiCall call)
    {
        call.Repository.Get(Kinds.Deployment, call["deployment_id"]);
        return call.Repository.KeysOf(Kinds.DeploymentStatus)
            .Where(k => k.StartsWith($"{call["deployment_id"]} ", StringComparison.Ordinal))
            .Select(k => (JsonNode)call.Repository.Get(Kinds.DeploymentStatus, k));
    }

    private static Answer Tell(ApiCall call)
    {
        var (repository, deployment, id) =
            (call.Repository, call.Repository.Get(Kinds.Deployment, call["deployment_id"]), call.State.NextId());
        var made = new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("DeploymentStatus", id),
            ["url"] = $"{deployment["url"]}/statuses/{id}", ["state"] = call.Text("state"),
            ["creator"] = UserShape.Simple(call.State, call.Caller.Login),
            ["description"] = call.Text("description") ?? "",
            ["environment"] = call.Text("environment") ?? (string?)deployment["environment"],
            ["target_url"] = call.Text("target_url") ?? call.Text("log_url") ?? "",
            ["log_url"] = call.Text("log_url") ?? call.Text("target_url") ?? "",
            ["environment_url"] = call.Text("environment_url") ?? "",
            ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["deployment_url"] = (string)deployment["url"]!,
            ["repository_url"] = $"{call.State.Api}/repos/{repository.FullName}",
        };
        repository.Put(Kinds.DeploymentStatus, $"{call["deployment_id"]} {id}", made);
        call.State.Happenings.Tell("deployment_status", repository, new JsonObject
        {
            ["action"] = "created", ["deployment_status"] = made.DeepClone(), ["deployment"] = deployment.DeepClone(),
            ["repository"] = RepositoryShape.Full(call.State, repository),
            ["sender"] = UserShape.Simple(call.State, call.Caller.Login),
        });
        return Answer.Created(made);
    }
}
