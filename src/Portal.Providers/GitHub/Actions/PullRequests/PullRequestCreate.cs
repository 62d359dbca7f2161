using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.PullRequests;

/// <summary><c>publish:github:pull-request</c>: proposes the files of the workspace to a repository.</summary>
internal sealed class PullRequestCreate(GitHubTargets targets, PullRequestEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "publish:github:pull-request", "Opens a pull request on GitHub that adds or replaces the files of the "
            + "workspace.",
        Inputs.Of(["repoUrl", "title", "description", "branchName"], Inputs.Target, """
            {
              "branchName": { "type": "string", "minLength": 1, "title": "Branch",
                "description": "That is made for it." },
              "targetBranchName": { "type": ["string", "null"], "title": "Target branch",
                "description": "The default branch unless given." },
              "title": { "type": "string", "minLength": 1, "maxLength": 256, "title": "Title" },
              "description": { "type": "string", "title": "Text", "description": "Markdown." },
              "draft": { "type": "boolean", "title": "Draft", "default": false },
              "sourcePath": { "type": ["string", "null"], "title": "Source path",
                "description": "The folder of the workspace to propose; all of it unless given." },
              "targetPath": { "type": ["string", "null"], "title": "Target path",
                "description": "The folder of the repository to put it in." },
              "filesToDelete": { "type": "array", "items": { "type": "string", "minLength": 1 },
                "title": "Files to delete", "description": "Paths in the repository." },
              "reviewers": { "type": "array", "items": { "type": "string", "minLength": 1 }, "title": "Reviewers",
                "description": "Logins." },
              "teamReviewers": { "type": "array", "items": { "type": "string", "minLength": 1 },
                "title": "Reviewing teams" },
              "assignees": { "type": "array", "items": { "type": "string", "minLength": 1 }, "title": "Assignees",
                "description": "Logins." },
              "commitMessage": { "type": ["string", "null"], "title": "Commit message",
                "description": "The title unless given." },
              "update": { "type": "boolean", "title": "Update",
                "description": "Where the branch has a pull request already, add a commit to it.", "default": false },
              "createWhenEmpty": { "type": "boolean", "title": "Also without changes", "default": true },
              "gitAuthorName": { "type": ["string", "null"], "title": "Author's name",
                "description": "The person who starts the run unless given." },
              "gitAuthorEmail": { "type": ["string", "null"], "title": "Author's e-mail address" },
              "forceFork": { "const": false, "title": "From a fork",
                "errorMessage": "must be false: the portal proposes changes from a branch of the repository itself" },
              "forceEmptyGitAuthor": { "title": "Without an author",
                "description": "Commits always have an author here.", "deprecated": true }
            }
            """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "remoteUrl": { "type": "string", "title": "The pull request's page" },
            "pullRequestNumber": { "type": "integer", "title": "The pull request's number" },
            "targetBranchName": { "type": "string", "title": "The branch that it goes into" }
          }
        }
        """),
        [new ActionExample("Propose a change", """
            id: propose
            name: Propose the new service to the platform
            action: publish:github:pull-request
            input:
              repoUrl: ${{ parameters.repoUrl }}
              branchName: add-${{ parameters.name }}
              title: Add ${{ parameters.name }}
              description: Adds the service to the cluster.
              targetPath: apps/${{ parameters.name }}
              teamReviewers: [platform]
            """)]);

    protected override (string Verb, string What) Change => ("Open", "pull request");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        if (context.IsUnknown("targetPath") || context.IsUnknown("sourcePath"))
        {
            context.LeaveToRun(Description, Change.Verb, Change.What, target.Instance);
            return;
        }
        var applied = await context.ApplyAsync(
            effect, target.Instance, "pull request", Args(context, target), cancellation);
        if (applied.Result is { PullRequestNumber: null })
        {
            context.Log("There is nothing to change: no pull request was opened.", RunEventType.Warning);
        }
        foreach (var name in (string[])["remoteUrl", "pullRequestNumber", "targetBranchName"])
        {
            if (applied.Outputs[name] is { } value) context.Outputs[name] = value.DeepClone();
        }
    }

    private static PullRequestArgs Args(ActionContext context, RepositoryTarget target)
    {
        var input = context.Input;
        var changes = Moved(context.Files(), Workspace.Normalise(input.AnyText("targetPath") ?? ""));
        var deletions = (input.MaybeTexts("filesToDelete") ?? []).Select(Workspace.Normalise).Where(p => p.Length > 0)
            .Distinct(StringComparer.Ordinal).ToList();
        return new PullRequestArgs(
            target.Instance, target.Name, input.AnyText("branchName")!, Given(input, "targetBranchName"),
            input.AnyText("title")!, input.AnyText("description") ?? "",
            changes.Hash, deletions, Given(input, "commitMessage")
                ?? input.AnyText("title")!, Given(input, "gitAuthorName") ?? context.Actor.DisplayName,
            Given(input, "gitAuthorEmail")
                ?? $"{context.Actor.Ref.Name}@users.noreply.portal", Names(input, "reviewers"), Names(
                    input, "teamReviewers"), Names(input, "assignees"),
            input.Flag("draft"), input.Flag("update"), input.Flag("createWhenEmpty", otherwise: true), changes);
    }

    private static FileTree Moved(FileTree tree, string folder) =>
        folder.Length == 0 ? tree : new FileTree(tree.Files.Select(f => f with { Path = $"{folder}/{f.Path}" }));

    private static string? Given(JsonObject input, string name) =>
        input.AnyText(name) is { Length: > 0 } text ? text : null;

    /// <summary>Also of entity references, whose names are those on GitHub.</summary>
    private static IReadOnlyList<string> Names(JsonObject input, string name) =>
        [.. (input.MaybeTexts(name) ?? []).Select(InputReading.EntityName).Distinct(StringComparer.OrdinalIgnoreCase)];
}
