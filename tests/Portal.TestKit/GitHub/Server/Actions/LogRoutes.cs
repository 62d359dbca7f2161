using System.Text;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>
/// What runs leave behind: logs and artifacts. Both are fetched from another address, without a token.
/// </summary>
internal sealed class LogRoutes(WorldState state)
{
    private const string Root = "/repos/{owner}/{repo}/actions";

    public void Add(RouteTable routes)
    {
        routes.Add(
            $"GET {Root}/jobs/{{job_id}}", "actions:read",
            call => FindJob(call, (run, job, attempt) => Answer.Ok(RunShape.Job(state, run, job, attempt))));
        routes.Add(
            $"GET {Root}/jobs/{{job_id}}/logs", "actions:read",
            call => FindJob(call, (_, job, _) => job.Status == "completed"

                    ? new Answer(302).With("Location", $"{state.Web}/_logs/{call.Repository.Id}/{job.Id}")
                    : throw Refusal.NotFound()));
        routes.Add(
            $"GET {Root}/runs/{{run_id}}/artifacts", "actions:read",
            call => List(call, call.Repository.Runs.Where(r => r.Id == call.Number("run_id"))));
        routes.Add($"GET {Root}/artifacts", "actions:read", call => List(call, call.Repository.Runs));
        routes.Add(
            $"GET {Root}/artifacts/{{artifact_id}}", "actions:read",
            call => Find(call, (run, artifact) => Answer.Ok(RunShape.Artifact(state, run, artifact))));
        routes.Add($"GET {Root}/artifacts/{{artifact_id}}/{{archive_format}}", "actions:read", call => Find(
            call,
            (_, artifact) => new Answer(302).With(
                "Location", $"{state.Web}/_artifacts/{call.Repository.Id}/{artifact.Id}")));
        routes.Add($"DELETE {Root}/artifacts/{{artifact_id}}", "actions:write", call => Find(call, (run, artifact) =>
        {
            run.Artifacts.Remove(artifact);
            return Answer.None;
        }));
    }

    /// <summary>The bytes behind an address that an answer led to; null when there are none.</summary>
    public static (byte[] Bytes, string Type)? Download(WorldState state, string path)
    {
        if (path.Split('/') is not [_, var kind, var repository, var wanted] || !long.TryParse(repository, out var id)
            || !state.Repositories.TryGetValue(id, out var found)) return null;
        foreach (var run in found.Runs.ToList())
        {
            lock (run)
            {
                if (kind == "_logs"
                    && run.Jobs.Values.SelectMany(j => j).FirstOrDefault(j => j.Id.ToString() == wanted) is { } job)
                {
                    return (Encoding.UTF8.GetBytes(
                        "\uFEFF" + string.Concat(job.Log.Select(l => l + "\n"))), "text/plain; charset=utf-8");
                }
                if (kind == "_artifacts" && run.Artifacts.Find(a => a.Id.ToString() == wanted) is { } artifact)
                {
                    return (artifact.Zip, "application/zip");
                }
            }
        }
        return null;
    }

    private static Answer FindJob(ApiCall call, Func<StoredRun, StoredJob, int, Answer> answer)
    {
        foreach (var run in call.Repository.Runs)
        {
            lock (run)
            {
                foreach (var (attempt, jobs) in run.Jobs.Reverse())
                {
                    if (jobs.Find(j => j.Id == call.Number("job_id")) is { } job) return answer(run, job, attempt);
                }
            }
        }
        throw Refusal.NotFound();
    }

    private Answer List(ApiCall call, IEnumerable<StoredRun> runs)
    {
        var found = runs.SelectMany(run =>
        {
            lock (run)
            {
                return run.Artifacts.Where(a => call.Query("name") is not { } name || a.Name == name)
                    .Select(a => (JsonNode)RunShape.Artifact(state, run, a)).ToList();
            }
        });
        return call.Page(found, "artifacts");
    }

    private static Answer Find(ApiCall call, Func<StoredRun, StoredArtifact, Answer> answer)
    {
        foreach (var run in call.Repository.Runs)
        {
            lock (run)
            {
                if (run.Artifacts.Find(a => a.Id == call.Number("artifact_id")) is { } artifact)
                {
                    return answer(run, artifact);
                }
            }
        }
        throw Refusal.NotFound();
    }
}
