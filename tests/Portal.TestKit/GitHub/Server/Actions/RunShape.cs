using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>Workflows, runs, jobs and artifacts as GitHub writes them.</summary>
internal static class RunShape
{
    public static JsonObject Of(WorldState state, StoredRun run)
    {
        lock (run)
        {
            var name = $"{run.RepositoryJson["full_name"]}";
            var (api, web) =
                ($"{state.Api}/repos/{name}/actions/runs/{run.Id}", $"{state.Web}/{name}/actions/runs/{run.Id}");
            var made = new JsonObject
            {
                ["id"] = run.Id, ["name"] = run.Workflow.Name, ["node_id"] = UserShape.NodeId("WorkflowRun", run.Id),
                ["check_suite_id"] = run.Id, ["check_suite_node_id"] = UserShape.NodeId("CheckSuite", run.Id),
                ["head_branch"] = run.Branch, ["head_sha"] = run.Sha, ["path"] = run.Workflow.Path,
                ["display_title"] = run.Title, ["run_number"] = run.Number, ["event"] = run.Event,
                ["status"] = run.Status, ["conclusion"] = run.Conclusion, ["workflow_id"] = run.WorkflowId,
                ["url"] = api, ["html_url"] = web, ["pull_requests"] = new JsonArray(),
                ["created_at"] = RepositoryShape.Time(run.CreatedAt),
                ["updated_at"] = RepositoryShape.Time(run.UpdatedAt),
                ["run_started_at"] = RepositoryShape.Time(run.StartedAt),
                ["actor"] = UserShape.Simple(state, run.Actor),
                ["triggering_actor"] = UserShape.Simple(state, run.Actor), ["run_attempt"] = run.Attempt,
                ["referenced_workflows"] = new JsonArray(),
                ["check_suite_url"] = $"{state.Api}/repos/{name}/check-suites/{run.Id}",
                ["workflow_url"] = $"{state.Api}/repos/{name}/actions/workflows/{run.WorkflowId}",
                ["previous_attempt_url"] = run.Attempt > 1 ? $"{api}/attempts/{run.Attempt - 1}" : null,
                ["head_commit"] = run.HeadCommit.DeepClone(),
                ["repository"] = run.RepositoryJson.DeepClone(), ["head_repository"] = run.RepositoryJson.DeepClone(),
            };
            foreach (var link in (string[])["jobs", "logs", "artifacts", "cancel", "rerun"])
            {
                made[$"{link}_url"] = $"{api}/{link}";
            }
            return made;
        }
    }

    public static JsonObject Workflow(
        WorldState state, string repository, long id, string path, string name, string status) => new()
    {
        ["id"] = id, ["node_id"] = UserShape.NodeId("Workflow", id), ["name"] = name, ["path"] = path,
        ["state"] = status, ["created_at"] = "2026-01-01T00:00:00Z", ["updated_at"] = "2026-01-01T00:00:00Z",
        ["url"] = $"{state.Api}/repos/{repository}/actions/workflows/{id}",
        ["html_url"] = $"{state.Web}/{repository}/blob/main/{path}",
        ["badge_url"] = $"{state.Web}/{repository}/workflows/{Uri.EscapeDataString(name)}/badge.svg",
    };

    public static JsonObject Job(WorldState state, StoredRun run, StoredJob job, int attempt)
    {
        var name = $"{run.RepositoryJson["full_name"]}";
        var api = $"{state.Api}/repos/{name}";
        return new JsonObject
        {
            ["id"] = job.Id, ["run_id"] = run.Id, ["run_url"] = $"{api}/actions/runs/{run.Id}",
            ["run_attempt"] = attempt, ["node_id"] = UserShape.NodeId("CheckRun", job.Id), ["head_sha"] = run.Sha,
            ["url"] = $"{api}/actions/jobs/{job.Id}",
            ["html_url"] = $"{state.Web}/{name}/actions/runs/{run.Id}/job/{job.Id}", ["status"] = job.Status,
            ["conclusion"] = job.Conclusion,
            ["created_at"] = RepositoryShape.Time(job.CreatedAt),
            ["started_at"] = RepositoryShape.Time(job.StartedAt ?? job.CreatedAt),
            ["completed_at"] = Time(job.CompletedAt), ["name"] = job.Name,
            ["steps"] = new JsonArray([.. job.Conclusion == "skipped"
                ? []
                : job.Steps.Select((step, i) => (JsonNode)new JsonObject
            {
                ["name"] = step.Name, ["status"] = step.Status, ["conclusion"] = step.Conclusion, ["number"] = i + 1,
                ["started_at"] = Time(step.StartedAt), ["completed_at"] = Time(step.CompletedAt),
            })]),
            ["check_run_url"] = $"{api}/check-runs/{job.Id}", ["labels"] = new JsonArray(job.Definition.RunsOn),
            ["runner_id"] = 1, ["runner_name"] = "GitHub Actions 1", ["runner_group_id"] = 0,
            ["runner_group_name"] = "GitHub Actions", ["workflow_name"] = run.Workflow.Name,
            ["head_branch"] = run.Branch,
        };
    }

    public static JsonObject Artifact(WorldState state, StoredRun run, StoredArtifact artifact)
    {
        var url = $"{state.Api}/repos/{run.RepositoryJson["full_name"]}/actions/artifacts/{artifact.Id}";
        return new JsonObject
        {
            ["id"] = artifact.Id, ["node_id"] = UserShape.NodeId("Artifact", artifact.Id), ["name"] = artifact.Name,
            ["size_in_bytes"] = artifact.Zip.Length, ["url"] = url, ["archive_download_url"] = $"{url}/zip",
            ["expired"] = false, ["created_at"] = RepositoryShape.Time(artifact.CreatedAt),
            ["updated_at"] = RepositoryShape.Time(artifact.CreatedAt),
            ["expires_at"] = RepositoryShape.Time(artifact.CreatedAt.AddDays(90)),
            ["digest"] =
                $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(artifact.Zip))}",
            ["workflow_run"] = new JsonObject
            {
                ["id"] = run.Id, ["repository_id"] = run.Repository.Id, ["head_repository_id"] = run.Repository.Id,
                ["head_branch"] = run.Branch, ["head_sha"] = run.Sha
            },
        };
    }

    private static string? Time(DateTimeOffset? at) => at is null ? null : RepositoryShape.Time(at.Value);
}
