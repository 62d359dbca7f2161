using Portal.Core.Delivery.Actions;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Dispatch;

/// <summary>
/// <c>github:actions:dispatch</c>: starts a workflow and goes on; <c>pipeline:run</c> waits for its end.
/// </summary>
internal sealed class ActionsDispatch(GitHubTargets targets, PipelineTriggerEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:actions:dispatch", "Starts a workflow of a GitHub repository, which must have workflow_dispatch among "
            + "its triggers; does not wait for it.",
        Inputs.Of(["repoUrl", "workflowId", "branchOrTagName"], Inputs.Target, """
            {
              "workflowId": { "type": ["string", "integer"], "minLength": 1, "title": "Workflow",
                "description": "File name below .github/workflows." },
              "branchOrTagName": { "type": "string", "minLength": 1, "title": "Branch or tag" },
              "workflowInputs": { "type": ["object", "null"], "title": "Inputs",
                "description": "Of the workflow, by name." }
            }
            """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "pipelineRun": { "type": "string", "title": "Id of the pipeline run" }, "pipelineUrl": { "type": "string",
              "title": "Its page" },
            "commit": { "type": "string", "title": "SHA that it runs on" }
          }
        }
        """),
        [new ActionExample("Start a workflow", """
            id: dispatch
            name: Start the first deployment
            action: github:actions:dispatch
            input:
              repoUrl: ${{ parameters.repoUrl }}
              workflowId: deploy.yml
              branchOrTagName: main
              workflowInputs:
                environment: staging
            """)]);

    protected override (string Verb, string What) Change => ("Start", "pipeline run");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var args = new PipelineTriggerArgs(
            target.Instance, target.Instance, target.Name, input.AnyText("workflowId")!, input.AnyText(
                "branchOrTagName"),
            input.Pairs("workflowInputs") is { Count: > 0 } inputs ? inputs : null);
        var applied = await context.ApplyAsync(effect, target.Instance, "dispatch", args, cancellation);
        foreach (var name in (string[])["pipelineRun", "pipelineUrl", "commit"])
        {
            if (applied.Outputs[name] is { } value) context.Outputs[name] = value.DeepClone();
        }
    }
}
