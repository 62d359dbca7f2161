using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Rulesets;

/// <summary><c>github:ruleset:create</c>.</summary>
internal sealed class RulesetCreate(GitHubTargets targets, RulesetEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:ruleset:create", "Creates a ruleset in a GitHub repository.",
        Inputs.Of(["repoUrl", "name", "enforcement", "rules"], Inputs.Target, """
            {
              "name": { "type": "string", "minLength": 1, "title": "Name" },
              "target": { "enum": ["branch", "tag", "push"], "title": "For", "default": "branch" },
              "enforcement": { "enum": ["disabled", "active", "evaluate"], "title": "Enforcement" },
              "bypassActors": { "type": "array", "title": "Who need not keep it",
                "items": { "type": "object", "additionalProperties": false, "required": ["actorType"],
                  "properties": { "actorId": { "type": ["integer", "null"] }, "actorType": { "enum": ["Integration",
                    "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User"] },
                    "bypassMode": { "enum": ["always", "pull_request", "exempt"] } } } },
              "conditions": { "type": "object", "additionalProperties": false, "title": "Which branches or tags",
                "properties": { "refName": { "type": "object", "additionalProperties": false, "required": ["include",
                  "exclude"],
                  "properties": { "include": { "type": "array", "items": { "type": "string" } },
                    "exclude": { "type": "array", "items": { "type": "string" } } } } } },
              "rules": { "type": "array", "items": { "type": "object", "required": ["type"] }, "title": "Rules",
                "description": "As GitHub's API takes them: type and parameters." }
            }
            """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "rulesetId": { "type": "integer", "title": "The ruleset's id" }, "rulesetName": { "type": "string",
              "title": "The ruleset's name" },
            "rulesetUrl": { "type": "string", "title": "The ruleset's address in GitHub's API" }
          }
        }
        """),
        [new ActionExample("Protect the default branch", """
            id: rules
            name: Protect the default branch
            action: github:ruleset:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              name: default branch
              enforcement: active
              conditions:
                refName:
                  include: ["~DEFAULT_BRANCH"]
                  exclude: []
              rules:
                - type: deletion
                - type: non_fast_forward
            """)]);

    protected override (string Verb, string What) Change => ("Create", "ruleset");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var input = context.Input;
        var args = new RulesetArgs(target.Instance, target.Name, input.AnyText("name")!, Ruleset(input));
        var applied = await context.ApplyAsync(effect, target.Instance, $"ruleset {args.Name}", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    private static JsonObject Ruleset(JsonObject input)
    {
        var body = new JsonObject
        {
            ["name"] = input.AnyText("name"), ["target"] = input.AnyText("target") ?? "branch",
            ["enforcement"] = input.AnyText("enforcement"),
            ["rules"] = input["rules"]!.DeepClone(),
        };
        if (input["conditions"]?["refName"] is JsonObject names)
        {
            body["conditions"] = new JsonObject { ["ref_name"] = names.DeepClone() };
        }
        if (input["bypassActors"] is JsonArray actors)
        {
            body["bypass_actors"] = new JsonArray([.. actors.OfType<JsonObject>().Select(a => (JsonNode)Actor(a))]);
        }
        return body;
    }

    private static JsonObject Actor(JsonObject input)
    {
        var actor = new JsonObject
        {
            ["actor_id"] = input["actorId"]?.DeepClone(), ["actor_type"] = input["actorType"]!.DeepClone(),
        };
        if (input["bypassMode"] is { } mode) actor["bypass_mode"] = mode.DeepClone();
        return actor;
    }
}
