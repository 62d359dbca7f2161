using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Autolinks;

/// <summary><c>github:autolinks:create</c>.</summary>
internal sealed class AutolinksCreate(GitHubTargets targets, AutolinkEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:autolinks:create", "Turns references such as TICKET-12 in a GitHub repository into links.",
        Inputs.Of(["repoUrl", "keyPrefix", "urlTemplate"], Inputs.Target, """
            {
              "keyPrefix": { "type": "string", "minLength": 1, "title": "Prefix",
                "description": "What references begin with, such as TICKET-." },
              "urlTemplate": { "type": "string", "pattern": "<num>", "title": "Address",
                "description": "With <num> where the reference's number goes." },
              "isAlphanumeric": { "type": "boolean", "title": "Letters too",
                "description": "The number may hold letters and dashes.", "default": true }
            }
            """),
        ActionSchema.Nothing,
        [new ActionExample("Link to tickets", """
            id: tickets
            name: Link to tickets
            action: github:autolinks:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              keyPrefix: TICKET-
              urlTemplate: https://tickets.example.com/<num>
            """)]);

    protected override (string Verb, string What) Change => ("Create", "autolink");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var args = new AutolinkArgs(
            target.Instance, target.Name, input.AnyText("keyPrefix")!, input.AnyText("urlTemplate")!,
            input.MaybeFlag("isAlphanumeric"));
        await context.ApplyAsync(effect, target.Instance, $"autolink {args.Prefix}", args, cancellation);
    }
}
