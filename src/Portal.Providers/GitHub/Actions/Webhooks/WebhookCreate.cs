using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Webhooks;

/// <summary><c>github:webhook</c>.</summary>
internal sealed class WebhookCreate(GitHubTargets targets, WebhookEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:webhook", "Lets GitHub tell an address what happens in a repository.",
        Inputs.Of(["repoUrl", "webhookUrl"], Inputs.Target, """
            {
              "webhookUrl": { "type": "string", "minLength": 1, "format": "uri", "title": "Address",
                "description": "Where GitHub posts to." },
              "webhookSecret": { "type": ["string", "null"], "title": "Secret",
                "description": "What posts are signed with; give it as ${{ secrets.NAME }}.", "writeOnly": true },
              "events": { "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1,
                "title": "Events", "description": "Such as push and pull_request; * for all.", "default": ["push"] },
              "active": { "type": "boolean", "title": "Active", "default": true },
              "contentType": { "enum": ["form", "json"], "title": "Form of posts", "default": "form" },
              "insecureSsl": { "type": "boolean", "title": "Do not check certificates", "default": false }
            }
            """),
        ActionSchema.Nothing,
        [new ActionExample("Tell a build system", """
            id: webhook
            name: Tell the build system
            action: github:webhook
            input:
              repoUrl: ${{ parameters.repoUrl }}
              webhookUrl: https://builds.example.com/github
              webhookSecret: ${{ secrets.WEBHOOK_SECRET }}
              events: [push, pull_request]
              contentType: json
            """)]);

    protected override (string Verb, string What) Change => ("Create", "webhook");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var args = new WebhookArgs(
            target.Instance, target.Name, input.AnyText("webhookUrl")!, input.MaybeTexts("events")
                ?? ["push"], input.Flag("active", otherwise: true),
            input.AnyText("contentType") ?? "form", input.Flag("insecureSsl"), input.AnyText("webhookSecret"));
        await context.ApplyAsync(effect, target.Instance, "webhook", args, cancellation);
    }
}
