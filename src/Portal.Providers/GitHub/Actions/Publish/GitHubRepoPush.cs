using Portal.Core.Catalog.Actions;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary>
/// <c>github:repo:push</c>: the workspace becomes the first commit of a repository that holds nothing yet.
/// </summary>
internal sealed class GitHubRepoPush(
    GitHubTargets targets, PushEffect effect, DefaultBranchProtection protection) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:repo:push", "Puts the files of the workspace into an empty GitHub repository, such as "
            + "github:repo:create makes, as its first commit.",
        Inputs.Of(
            ["repoUrl"], Inputs.Target, Inputs.Ignored("""{ "description": { "title": "Description" } }"""),
            Inputs.DefaultBranch, Inputs.Protection),
        ActionSchema.Parse(PublishGitHub.Output),
        [new ActionExample("Fill the repository", """
            id: push
            name: Push the files
            action: github:repo:push
            input:
              repoUrl: ${{ parameters.repoUrl }}
              defaultBranch: main
            """)]);

    protected override (string Verb, string What) Change => ("Push", "files");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var (input, tree, branch) = (
            context.Input, context.Files(), context.Input.AnyText("defaultBranch") ?? "master");
        if (tree.Count == 0)
        {
            throw new ActionFailedException(
                "There are no files to push: a step such as fetch:template must come before github:repo:push, and "
                + "sourcePath must name a folder of the workspace.");
        }
        context.PlanRepository(target.Name, tree, replaces: true);
        var args = new PushArgs(
            target.Instance, target.Name, branch, input.AnyText("gitCommitMessage")
                ?? "initial commit", input.AnyText("gitAuthorName") ?? context.Actor.DisplayName,
            input.AnyText("gitAuthorEmail") ?? $"{context.Actor.Ref.Name}@users.noreply.portal", tree.Hash, tree);
        var pushed = await context.ApplyAsync(effect, target.Instance, "push", args, cancellation);
        await protection.ApplyAsync(context, target, branch, isNew: false, cancellation);
        context.TakeOutputs(pushed.Outputs);
        context.Outputs["remoteUrl"] = target.Host.CloneUrl(target.Name);
        context.Outputs["repoContentsUrl"] = NewRepositorySteps.ContentsUrl(target, branch);
        context.Outputs["repository"] = target.Name.ToString();
    }
}
