using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>Workflows, and starting them by hand.</summary>
internal sealed class WorkflowRoutes(WorldState state, RunStarter starter)
{
    private const string Root = "/repos/{owner}/{repo}/actions/workflows";

    public void Add(RouteTable routes)
    {
        routes.Add(
            $"GET {Root}", "actions:read",
            async call => call.Page((await OnDefaultAsync(call)).Select(f => (JsonNode)Shape(call, f)), "workflows"));
        routes.Add(
            $"GET {Root}/{{workflow_id}}", "actions:read", async call => Answer.Ok(Shape(call, await FindAsync(call))));
        routes.Add($"PUT {Root}/{{workflow_id}}/disable", "actions:write", call => SwitchAsync(call, isDisabled: true));
        routes.Add($"PUT {Root}/{{workflow_id}}/enable", "actions:write", call => SwitchAsync(call, isDisabled: false));
        routes.Add($"POST {Root}/{{workflow_id}}/dispatches", "actions:write", DispatchAsync);
        routes.Add("POST /repos/{owner}/{repo}/dispatches", "contents:write", DispatchRepositoryAsync);
    }

    private async Task<IReadOnlyList<WorkflowFile>> OnDefaultAsync(ApiCall call) =>
        await call.Repository.Git.ReferenceAsync($"refs/heads/{call.Repository.DefaultBranch}") is { } head
            ? await starter.ReadAsync(call.Repository, head)
            : [];

    private async Task<WorkflowFile> FindAsync(ApiCall call)
    {
        var wanted = call["workflow_id"];
        return (await OnDefaultAsync(call)).FirstOrDefault(f => f.Path == $".github/workflows/{wanted}"
            || f.Path == wanted
            || starter.IdOf(call.Repository, f.Path).ToString() == wanted) ?? throw Refusal.NotFound();
    }

    private JsonObject Shape(ApiCall call, WorkflowFile file) =>
        RunShape.Workflow(
            state, call.Repository.FullName, starter.IdOf(call.Repository, file.Path), file.Path, file.Name,
            starter.IsDisabled(call.Repository, file.Path) ? "disabled_manually" : "active");

    private async Task<Answer> SwitchAsync(ApiCall call, bool isDisabled)
    {
        starter.Disable(call.Repository, (await FindAsync(call)).Path, isDisabled);
        return Answer.None;
    }

    private async Task<Answer> DispatchAsync(ApiCall call)
    {
        var known = await FindAsync(call);
        var (repository, name) = (call.Repository, call.Text("ref")!);
        var reference =
            await ReferenceAsync(repository, name) ?? throw Refusal.Unprocessable($"No ref found for: {name}");
        var sha = (await repository.Git.ResolveAsync(reference + "^{commit}"))!;
        var file = (await starter.ReadAsync(repository, sha)).FirstOrDefault(
            f => f.Path == known.Path) ?? throw Refusal.Unprocessable($"Workflow does not exist at ref: {name}");
        if (file.Inputs is null) throw Refusal.Unprocessable("Workflow does not have 'workflow_dispatch' trigger");
        if (starter.IsDisabled(repository, file.Path))
        {
            throw Refusal.Unprocessable("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
        }
        var run = await starter.StartAsync(
            repository, file, "workflow_dispatch", reference, sha, call.Caller.Login,
            Inputs(file.Inputs, call.Body["inputs"] as JsonObject ?? []));
        return call.Flag("return_run_details") != true ? Answer.None : Answer.Ok(new JsonObject
        {
            ["workflow_run_id"] = run.Id,
            ["run_url"] = $"{state.Api}/repos/{repository.FullName}/actions/runs/{run.Id}",
            ["html_url"] = $"{state.Web}/{repository.FullName}/actions/runs/{run.Id}",
        });
    }

    private static async Task<string?> ReferenceAsync(StoredRepository repository, string name)
    {
        foreach (var full in name.StartsWith("refs/", StringComparison.Ordinal)
            ? [name]
            : (string[])[$"refs/heads/{name}", $"refs/tags/{name}"])
        {
            if (await repository.Git.ReferenceAsync(full) is not null) return full;
        }
        return null;
    }

    private static Dictionary<string, string> Inputs(IReadOnlyList<WorkflowInput> declared, JsonObject given)
    {
        var unknown = given.Select(g => g.Key).Where(name => !declared.Any(d => d.Name == name)).ToList();
        if (unknown.Count > 0)
        {
            throw Refusal.Unprocessable(
                $"Unexpected inputs provided: [{string.Join(", ", unknown.Select(u => $"\"{u}\""))}]");
        }
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in declared)
        {
            var value = given[input.Name]?.ToString();
            if (input.IsRequired && string.IsNullOrEmpty(value) && input.Default is null)
            {
                throw Refusal.Unprocessable($"Required input '{input.Name}' not provided");
            }
            if (value is not null && input.Options.Count > 0 && !input.Options.Contains(value))
            {
                throw Refusal.Unprocessable(
                    $"Provided value '{value}' for input '{input.Name}' not in the list of allowed values");
            }
            made[input.Name] = value ?? input.Default ?? "";
        }
        return made;
    }

    private async Task<Answer> DispatchRepositoryAsync(ApiCall call)
    {
        await starter.OnDispatchAsync(call.Repository, call.Text("event_type")!, call.Caller.Login);
        return Answer.None;
    }
}
