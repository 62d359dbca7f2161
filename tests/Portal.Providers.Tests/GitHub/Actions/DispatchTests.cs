using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub.Actions;

public sealed class DispatchTests(GitHubActionsFixture github) : IClassFixture<GitHubActionsFixture>
{
    private const string Workflow = """
        name: deploy
        run-name: deploy ${{ inputs.portal_correlation }}
        on:
          workflow_dispatch:
            inputs:
              environment: { type: string }
              portal_correlation: { type: string }
        jobs:
          deploy:
            runs-on: ubuntu-latest
            steps:
              - run: echo "to ${{ inputs.environment }}"
        """;

    [Fact]
    public async Task Dispatch_AnswerLost_StartsOneRunWithItsInputs()
    {
        var (name, run) = (await github.NewRepositoryAsync((".github/workflows/deploy.yml", Workflow)), github.Run());
        github.World.Faults.Plan(
            "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", OutsideFault.CutAfter);
        var output = await run.DoAsync("github:actions:dispatch", Given.Input(
            github.Url(name),
            """{"workflowId": "deploy.yml", "branchOrTagName": "main", "workflowInputs": {"environment": "staging"}}"""));

        var started = Assert.Single((await github.Caller.GetAsync(
            $"repos/{name}/actions/runs?event=workflow_dispatch"))["workflow_runs"]!.AsArray())!;
        Assert.Equal($"/pipelines/{output["pipelineRun"]}", (string)output["pipelineUrl"]!);
        Assert.Equal((string)started["head_sha"]!, (string)output["commit"]!);
        Assert.Contains("\"environment\": \"staging\"", Assert.Single(run.Journal).Arguments.Replace(
            "\":\"", "\": \"", StringComparison.Ordinal), StringComparison.Ordinal);
        await run.UndoAsync();
        github.World.AssertNoViolations();
    }

    [Fact]
    public async Task Dispatch_WorkflowThatIsNotThere_SaysSo()
    {
        var name = await github.NewRepositoryAsync();
        var error = await Assert.ThrowsAsync<ProviderException>(() => github.Run().DoAsync(
            "github:actions:dispatch",
            Given.Input(github.Url(name), """{"workflowId": "no.yml", "branchOrTagName": "main"}""")));
        Assert.Contains("no.yml", error.Message, StringComparison.Ordinal);
    }
}
