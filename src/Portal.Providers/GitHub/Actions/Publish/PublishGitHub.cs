using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary><c>publish:github</c>: the workspace becomes the first commit of a new repository on GitHub.</summary>
internal sealed class PublishGitHub(
    GitHubTargets targets, NewRepositorySteps steps, DefaultBranchProtection protection) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "publish:github", "Creates a GitHub repository whose first commit holds the files of the workspace, with "
            + "access, settings and protection.",
        Inputs.Of(
            ["repoUrl"], Inputs.Target, Inputs.Repository, Inputs.RepositoryExtras, Inputs.DefaultBranch,
            Inputs.Protection),
        ActionSchema.Parse(Output),
        [new ActionExample("Publish to GitHub", """
            id: publish
            name: Publish to GitHub
            action: publish:github
            input:
              repoUrl: ${{ parameters.repoUrl }}
              description: ${{ parameters.description }}
              defaultBranch: main
              access: shop/checkout
              requiredStatusCheckContexts: [build]
            """)]);

    internal const string Output = """
        {
          "type": "object",
          "properties": {
            "remoteUrl": { "type": "string", "title": "The address to clone from" },
            "repoContentsUrl": { "type": "string", "title": "The address for catalog:register" },
            "commitHash": { "type": "string", "title": "SHA of the commit" },
            "repository": { "type": "string", "title": "organisation/name" }
          }
        }
        """;

    protected override (string Verb, string What) Change => ("Create", "repository");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var (tree, branch) = (context.Files(), context.Input.AnyText("defaultBranch") ?? "master");
        if (tree.Count == 0)
        {
            throw new ActionFailedException(
                "There are no files for the repository: a step such as fetch:template must come before publish:github, "
                + "and sourcePath must name a folder of the workspace.");
        }
        context.Outputs["commitHash"] = await steps.CreateAsync(
            context, target, tree, branch, context.Input.AnyText("gitCommitMessage") ?? "initial commit", cancellation);
        await protection.ApplyAsync(context, target, branch, isNew: true, cancellation);
    }
}
