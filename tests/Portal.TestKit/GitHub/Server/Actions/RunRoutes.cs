using System.Globalization;
using System.Text.Json.Nodes;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>Runs: found, watched, cancelled, run again and removed.</summary>
internal sealed class RunRoutes(WorldState state, Simulation simulation, PipelineSettings settings)
{
    private const string Root = "/repos/{owner}/{repo}/actions";

    public void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}/runs", "actions:read", call => List(call, call.Repository.Runs));
        routes.Add(
            $"GET {Root}/workflows/{{workflow_id}}/runs", "actions:read",
            call => List(call, call.Repository.Runs.Where(r => r.WorkflowId.ToString()
                == call["workflow_id"]
                    || r.Workflow.Path.EndsWith($"/{call["workflow_id"]}", StringComparison.Ordinal))));
        routes.Add($"GET {Root}/runs/{{run_id}}", "actions:read", call => Answer.Ok(RunShape.Of(state, Find(call))));
        routes.Add(
            $"GET {Root}/runs/{{run_id}}/attempts/{{attempt_number}}", "actions:read",
            call => Answer.Ok(RunShape.Of(state, Find(call))));
        routes.Add($"DELETE {Root}/runs/{{run_id}}", "actions:write", Delete);
        routes.Add($"GET {Root}/runs/{{run_id}}/jobs", "actions:read", call => Jobs(call, null));
        routes.Add(
            $"GET {Root}/runs/{{run_id}}/attempts/{{attempt_number}}/jobs", "actions:read",
            call => Jobs(call, (int)call.Number("attempt_number")));
        routes.Add($"POST {Root}/runs/{{run_id}}/cancel", "actions:write", CancelAsync);
        routes.Add($"POST {Root}/runs/{{run_id}}/force-cancel", "actions:write", CancelAsync);
        routes.Add($"POST {Root}/runs/{{run_id}}/rerun", "actions:write", call => Rerun(call, onlyFailed: false));
        routes.Add(
            $"POST {Root}/runs/{{run_id}}/rerun-failed-jobs", "actions:write", call => Rerun(call, onlyFailed: true));
    }

    private static StoredRun Find(ApiCall call) =>
        call.Repository.Runs.Find(r => r.Id == call.Number("run_id")) ?? throw Refusal.NotFound();

    private Answer List(ApiCall call, IEnumerable<StoredRun> runs)
    {
        var found = runs.Where(r => r.CreatedAt + settings.AppearsAfter <= state.Now
            && (call.Query("branch") is not { } branch || r.Branch == branch)
            && (call.Query("event") is not { } trigger || r.Event == trigger)
            && (call.Query("head_sha") is not { } sha || r.Sha == sha)
                && (call.Query("actor") is not { } actor || r.Actor == actor)
            && (call.Query("status") is not { } status || r.Status == status || r.Conclusion == status)
                && (call.Query("created") is not { } created || IsWithin(r.CreatedAt, created)));
        return call.Page(
            found.OrderByDescending(r => r.Id).Select(r => (JsonNode)RunShape.Of(state, r)), "workflow_runs");
    }

    /// <summary>
    /// GitHub's way to write a range: <c>&gt;=2026-01-01T00:00:00Z</c>, <c>2026-01-01..2026-01-31</c>, <c>*..</c>;
    /// times to the second.
    /// </summary>
    private static bool IsWithin(DateTimeOffset at, string range)
    {
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
        if (range.Split("..") is [var from, var to])
        {
            return (from == "*" || at >= Time(from)) && (to == "*" || at <= End(to));
        }
        if (range.StartsWith(">=", StringComparison.Ordinal)) return at >= Time(range[2..]);
        if (range.StartsWith("<=", StringComparison.Ordinal)) return at <= End(range[2..]);
        if (range.StartsWith('>')) return at > Time(range[1..]);
        if (range.StartsWith('<')) return at < Time(range[1..]);
        return at >= Time(range) && at <= End(range);
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw Refusal.Unprocessable("Invalid date in 'created'");

    private static DateTimeOffset End(string text) =>
        text.Contains('T') ? Time(text) : Time(text).AddDays(1).AddSeconds(-1);

    private Answer Jobs(ApiCall call, int? attempt)
    {
        var run = Find(call);
        lock (run)
        {
            var attempts =
                attempt is { } one ? [one] : call.Query("filter") == "all" ? run.Jobs.Keys.ToArray() : [run.Attempt];
            return call.Page([.. attempts.SelectMany(a => run.Jobs.TryGetValue(a, out var jobs)
                ? jobs.Select(j => (JsonNode)RunShape.Job(state, run, j, a))
                : throw Refusal.NotFound())], "jobs");
        }
    }

    /// <summary>A run stops by itself; a caller that asks again sees it.</summary>
    private static async Task<Answer> CancelAsync(ApiCall call)
    {
        var run = Find(call);
        if (run.IsOver) throw new Refusal(409, "Cannot cancel a workflow run that is completed.");
        await run.Cancellation.CancelAsync();
        return new Answer(202, new JsonObject());
    }

    private Answer Rerun(ApiCall call, bool onlyFailed)
    {
        var run = Find(call);
        IReadOnlyList<WorkflowJob> again;
        lock (run)
        {
            if (!run.IsOver) throw new Refusal(403, "This workflow is already running");
            again = [.. run.Jobs[run.Attempt].Where(j => !onlyFailed || j.Conclusion != "success")
                .Select(j => j.Definition)];
            if (again.Count == 0) throw new Refusal(403, "This workflow run cannot be retried");
            run.Attempt++;
        }
        simulation.Begin(run, again);
        return Answer.Created(new JsonObject());
    }

    private Answer Delete(ApiCall call)
    {
        var run = Find(call);
        if (!run.IsOver) throw new Refusal(403, "Could not delete the workflow run");
        call.Repository.Runs.Remove(run);
        state.Ledger.NoteRemoved(
            new OutsideThing(OutsideThing.PipelineRun, $"{call.Repository.FullName} {run.Id}", null, run.Actor));
        return Answer.None;
    }
}
