using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Actions;

internal static class Given
{
    /// <summary>An action's input as JSON, with the repository in it.</summary>
    public static JsonObject Input(string repoUrl, string json = "{}")
    {
        var input = JsonNode.Parse(json)!.AsObject();
        input["repoUrl"] = repoUrl;
        return input;
    }

    /// <summary>The plan of one step, after one that fetches a file.</summary>
    public static Task<Result<RunPlan>> PlanStepAsync(
        this Plans plans, string action, JsonObject input, JsonObject? secrets = null) => plans.PlanAsync(
        $"  steps:\n    - {{ id: fetch, name: Fetch, action: 'fetch:plain', input: {{ url: ./skeleton }} }}\n    - {{ id: step, name: Step, action: '{action}', input: {{ {string.Join(", ", input.Select(i => $"{i.Key}: {i.Value?.ToJsonString(Json.Options) ?? "null"}"))} }} }}",
        files: GitHubThings.Tree(("skeleton/README.md", "# Hello\n")), secrets: secrets);
}
