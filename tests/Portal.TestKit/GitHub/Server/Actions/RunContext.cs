using System.Globalization;
using Portal.Providers.Local.Pipelines.Expressions;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>What an expression in a workflow sees.</summary>
internal static class RunContext
{
    public static ExpressionScope Of(WorldState state, StoredRun run, RunningStatus status = RunningStatus.Success)
    {
        var inputs = new ExprObject(run.Inputs);
        var github = new ExprObject
        {
            ["sha"] = run.Sha, ["ref"] = run.Reference, ["ref_name"] = run.Branch,
            ["repository"] = $"{run.RepositoryJson["full_name"]}",
            ["repository_owner"] = $"{run.RepositoryJson["full_name"]}".Split('/')[0],
            ["event_name"] = run.Event, ["workflow"] = run.Workflow.Name,
            ["run_id"] = run.Id.ToString(CultureInfo.InvariantCulture),
            ["run_number"] = run.Number.ToString(CultureInfo.InvariantCulture),
            ["run_attempt"] = run.Attempt.ToString(CultureInfo.InvariantCulture), ["actor"] = run.Actor,
            ["triggering_actor"] = run.Actor, ["server_url"] = state.Web, ["api_url"] = state.Api,
            ["graphql_url"] = $"{state.Web}/api/graphql",
            ["ref_type"] = run.Reference.StartsWith("refs/tags/", StringComparison.Ordinal) ? "tag" : "branch",
            ["head_ref"] = "", ["base_ref"] = "", ["token"] = "***", ["event"] = new ExprObject { ["inputs"] = inputs },
        };
        var contexts = new Dictionary<string, object?>(
            StringComparer.OrdinalIgnoreCase) { ["github"] = github, ["inputs"] = inputs };
        foreach (var empty in (string[])
        [
            "env", "vars", "secrets", "runner", "steps", "needs", "matrix", "job", "strategy"
        ]) contexts[empty] = new ExprObject();
        return new ExpressionScope(contexts, status);
    }
}
