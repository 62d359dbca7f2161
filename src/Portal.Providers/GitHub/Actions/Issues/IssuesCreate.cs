using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Issues;

/// <summary><c>github:issues:create</c>.</summary>
internal sealed class IssuesCreate(GitHubTargets targets, IssueEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:issues:create", "Opens an issue in a GitHub repository.",
        Inputs.Of(["repoUrl", "title"], Inputs.Target, """
            {
              "title": { "type": "string", "minLength": 1, "maxLength": 256, "title": "Title" },
              "body": { "type": ["string", "null"], "title": "Text", "description": "Markdown." },
              "assignees": { "type": "array", "items": { "type": "string", "minLength": 1 }, "title": "Assignees",
                "description": "Logins." },
              "milestone": { "type": ["string", "integer", "null"], "title": "Milestone",
                "description": "Its number." },
              "labels": { "type": "array", "items": { "type": "string", "minLength": 1 }, "title": "Labels" }
            }
            """),
        ActionSchema.Parse("""
        { "type": "object", "properties": { "issueUrl": { "type": "string", "title": "The issue's page" },
          "issueNumber": { "type": "integer", "title": "The issue's number" } } }
        """),
        [new ActionExample("Open an issue", """
            id: issue
            name: Ask for a review of the set-up
            action: github:issues:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              title: Review the generated service
              labels: [documentation]
            """)]);

    protected override (string Verb, string What) Change => ("Open", "issue");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var people = (input.MaybeTexts("assignees") ?? []).Select(InputReading.EntityName);
        var args = new IssueArgs(
            target.Instance, target.Name, input.AnyText("title")!, input.AnyText("body")
                ?? "", [.. people], input.MaybeTexts("labels") ?? [], Milestone(context));
        var applied = await context.ApplyAsync(effect, target.Instance, "issue", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    private static long? Milestone(ActionContext context)
    {
        if (context.IsUnknown("milestone") || context.Input.AnyText("milestone") is not { Length: > 0 } text)
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new ActionFailedException(
                $"The milestone '{text}' is no number. Give the number at the end of the milestone's address.");
    }
}
