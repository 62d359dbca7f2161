using System.Globalization;
using System.Runtime.InteropServices;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>The github and runner contexts, and the variables made of them.</summary>
internal static class GitHubContext
{
    private static string Architecture =>
        RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "ARM64" : "X64";

    public static ExprObject Make(StoredRun run, Workflow workflow, string serverUrl)
    {
        var info = run.Info;
        var isPush = info.Trigger == Core.Providers.PipelineTrigger.Push;
        var pushed = new ExprObject
        {
            ["ref"] = run.Reference,
            ["before"] = run.Before ?? new string('0', 40),
            ["after"] = info.Commit,
            ["head_commit"] = new ExprObject { ["id"] = info.Commit, ["message"] = info.CommitSubject },
        };
        var happened = isPush ? pushed : new ExprObject { ["ref"] = run.Reference, ["inputs"] = new ExprObject() };
        happened["repository"] = new ExprObject
        {
            ["name"] = info.Repository.Name, ["full_name"] = info.Repository.ToString(),
            ["owner"] = new ExprObject { ["login"] = info.Repository.Organisation },
        };
        return new ExprObject
        {
            ["sha"] = info.Commit, ["ref"] = run.Reference, ["ref_name"] = info.Branch,
            ["ref_type"] = run.IsTag ? "tag" : "branch", ["ref_protected"] = false,
            ["head_ref"] = "", ["base_ref"] = "", ["repository"] = info.Repository.ToString(),
            ["repository_owner"] = info.Repository.Organisation,
            ["event_name"] = isPush ? "push" : "workflow_dispatch", ["event"] = happened, ["workflow"] = workflow.Name,
            ["workflow_ref"] = $"{info.Repository}/{workflow.File}@{run.Reference}", ["workflow_sha"] = info.Commit,
            ["run_id"] = info.Id,
            ["run_number"] = info.Number.ToString(CultureInfo.InvariantCulture),
            ["run_attempt"] = run.Attempt.ToString(CultureInfo.InvariantCulture),
            ["actor"] = run.By ?? "portal", ["triggering_actor"] = run.By ?? "portal", ["server_url"] = serverUrl,
            ["api_url"] = $"{serverUrl}/api/v1",
            ["graphql_url"] = "", ["token"] = "", ["retention_days"] = "90", ["secret_source"] = "None",
        };
    }

    public static ExprObject Runner(JobFolders folders) => new()
    {
        ["os"] = "Linux", ["arch"] = Architecture, ["name"] = "local", ["environment"] = "self-hosted", ["debug"] = "",
        ["temp"] = folders.Temp, ["tool_cache"] = folders.Tools,
        ["workspace"] = Path.GetDirectoryName(folders.Workspace),
    };

    public static Dictionary<string, string> Variables(ExprObject github, JobFolders folders, string job)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CI"] = "true", ["GITHUB_ACTIONS"] = "true", ["GITHUB_JOB"] = job,
            ["GITHUB_WORKSPACE"] = folders.Workspace, ["GITHUB_EVENT_PATH"] = folders.EventFile,
            ["RUNNER_OS"] = "Linux", ["RUNNER_ARCH"] = Architecture, ["RUNNER_NAME"] = "local",
            ["RUNNER_ENVIRONMENT"] = "self-hosted",
            ["RUNNER_TEMP"] = folders.Temp, ["RUNNER_TOOL_CACHE"] = folders.Tools, ["TMPDIR"] = folders.Temp,
        };
        foreach (var (name, value) in github)
        {
            if (value is string text && name is not ("token" or "secret_source"))
            {
                made[$"GITHUB_{name.ToUpperInvariant()}"] = text;
            }
        }

        return made;
    }
}
