using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Issues;

/// <summary><c>github:issues:label</c>.</summary>
internal sealed class IssuesLabel(GitHubTargets targets, LabelsEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:issues:label", "Adds labels to an issue or a pull request on GitHub.",
        Inputs.Of(["repoUrl", "number", "labels"], Inputs.Target, """
            {
              "number": { "type": "integer", "minimum": 1, "title": "Number",
                "description": "Of the issue or pull request." },
              "labels": { "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1,
                "title": "Labels" }
            }
            """),
        ActionSchema.Nothing,
        [new ActionExample("Label a pull request", """
            id: label
            name: Label the pull request
            action: github:issues:label
            input:
              repoUrl: ${{ parameters.repoUrl }}
              number: ${{ steps.propose.output.pullRequestNumber }}
              labels: [automated]
            """)]);

    protected override (string Verb, string What) Change => ("Add", "labels");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var args = new LabelsArgs(
            target.Instance, target.Name, context.Input.Whole("number")!.Value, context.Input.Texts("labels"));
        await context.ApplyAsync(effect, target.Instance, $"labels of {args.Number}", args, cancellation);
    }
}
