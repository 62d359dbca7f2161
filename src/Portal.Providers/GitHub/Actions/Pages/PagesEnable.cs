using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Pages;

/// <summary><c>github:pages:enable</c>.</summary>
internal sealed class PagesEnable(GitHubTargets targets, PagesEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:pages:enable", "Switches GitHub Pages on for a repository.",
        Inputs.Of(["repoUrl"], Inputs.Target, """
            {
              "buildType": { "enum": ["legacy", "workflow"], "title": "Built by",
                "description": "workflow: a workflow of the repository; legacy: GitHub, from a branch.",
                "default": "workflow" },
              "sourceBranch": { "type": "string", "minLength": 1, "title": "Branch", "default": "main" },
              "sourcePath": { "enum": ["/", "/docs"], "title": "Folder", "default": "/" }
            }
            """),
        ActionSchema.Nothing,
        [new ActionExample("Publish the documentation", """
            id: pages
            name: Publish the documentation
            action: github:pages:enable
            input:
              repoUrl: ${{ parameters.repoUrl }}
              buildType: legacy
              sourcePath: /docs
            """)]);

    protected override (string Verb, string What) Change => ("Enable", "GitHub Pages");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var args = new PagesArgs(
            target.Instance, target.Name, input.AnyText("buildType") ?? "workflow",
            input.AnyText("sourceBranch") ?? "main", input.AnyText("sourcePath") ?? "/");
        await context.ApplyAsync(effect, target.Instance, "pages", args, cancellation);
    }
}
