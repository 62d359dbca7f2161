using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Secrets;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.DeploymentEnvironments;

/// <summary>
/// <c>github:environment:create</c>: a deployment environment of a repository on GitHub, with who may deploy to it.
/// </summary>
internal sealed class DeploymentEnvironmentCreate(
    GitHubTargets targets, DeploymentEnvironmentEffect effect, VariablesEffect variables,
    SecretsEffect secrets) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:environment:create", "Creates a deployment environment in a GitHub repository: who may deploy, with "
            + "which variables and secrets. It runs nothing itself.",
        Inputs.Of(["repoUrl", "name"], Inputs.Target, """
            {
              "name": { "type": "string", "minLength": 1, "maxLength": 255, "title": "Name" },
              "deploymentBranchPolicy": { "type": ["object", "null"], "additionalProperties": false,
                "required": ["protected_branches", "custom_branch_policies"], "title": "Branches",
                "description": "Which branches may deploy: protected ones, or those named; null for all.",
                "properties": { "protected_branches": { "type": "boolean" },
                  "custom_branch_policies": { "type": "boolean" } } },
              "customBranchPolicyNames": { "type": "array", "items": { "type": "string", "minLength": 1 },
                "title": "Names of branches", "description": "Patterns such as release/*." },
              "customTagPolicyNames": { "type": "array", "items": { "type": "string", "minLength": 1 },
                "title": "Names of tags", "description": "Patterns such as v*." },
              "environmentVariables": { "type": ["object", "null"], "title": "Variables" },
              "secrets": { "type": ["object", "array", "null"], "title": "Secrets",
                "description": "Give values as ${{ secrets.NAME }}.", "writeOnly": true },
              "waitTimer": { "type": "integer", "minimum": 0, "maximum": 43200, "title": "Wait",
                "description": "Minutes before a deployment begins." },
              "preventSelfReview": { "type": "boolean", "title": "No approval of one's own deployments" },
              "reviewers": { "type": "array", "items": { "type": "string", "minLength": 1 }, "maxItems": 6,
                "title": "Reviewers",
                "description": "Who may approve, as entity references; their names are those on GitHub." }
            }
            """),
        ActionSchema.Nothing,
        [new ActionExample("An environment that a team approves", """
            id: production
            name: Create the production environment
            action: github:environment:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              name: production
              reviewers: [group:default/platform]
              environmentVariables:
                REGION: westeurope
            """)]);

    protected override (string Verb, string What) Change => ("Create", "deployment environment");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var (input, name) = (context.Input, context.Input.AnyText("name")!);
        await context.ApplyAsync(
            effect, target.Instance, $"environment {name}", Args(input, target, name), cancellation);
        if (input.Pairs("environmentVariables") is { Count: > 0 } values)
        {
            await context.ApplyAsync(
                variables, target.Instance, $"variables of {name}",
                new VariablesArgs(target.Instance, target.Name, name, values), cancellation);
        }
        if (input.Pairs("secrets") is { Count: > 0 } hidden)
        {
            await context.ApplyAsync(
                secrets, target.Instance, $"secrets of {name}",
                new SecretsArgs(target.Instance, target.Name, name, [.. hidden.Keys], hidden), cancellation);
        }
    }

    private static DeploymentEnvironmentArgs Args(JsonObject input, RepositoryTarget target, string name)
    {
        var (branches, tags) = (
            input.MaybeTexts("customBranchPolicyNames") ?? [], input.MaybeTexts("customTagPolicyNames") ?? []);
        var reviewers = (input.MaybeTexts("reviewers") ?? []).Select(Reviewer).ToList();
        var policy = Policy(input, branches.Count + tags.Count > 0);
        var all = input.ContainsKey("deploymentBranchPolicy") && policy is null;
        return new DeploymentEnvironmentArgs(
            target.Instance, target.Name, name, input.Whole("waitTimer"), input.MaybeFlag("preventSelfReview"),
            reviewers, policy, all, branches, tags);
    }

    private static Reviewer Reviewer(string reference) =>
        EntityRef.TryParse(reference, "user", out var entity) && entity.Value.Kind is "user" or "group"
        ? new Reviewer(entity.Value.Kind == "group", entity.Value.Name)
        : throw new ActionFailedException(
            $"'{reference}' cannot approve deployments. Write an entity reference of a user or group, such as "
            + "group:default/platform.");

    /// <summary>
    /// Names count only where the environment is open to named branches; whoever gives names means that.
    /// </summary>
    private static BranchPolicy? Policy(JsonObject input, bool hasNames)
    {
        if (input["deploymentBranchPolicy"] is not JsonObject given)
        {
            return hasNames ? new BranchPolicy(Protected: false, Named: true) : null;
        }
        var policy = new BranchPolicy(given.Flag("protected_branches"), given.Flag("custom_branch_policies"));
        if (policy.Protected == policy.Named)
        {
            throw new ActionFailedException(
                "One of deploymentBranchPolicy.protected_branches and custom_branch_policies must be true, the other "
                + "false. For all branches, set deploymentBranchPolicy to null.");
        }
        if (hasNames && !policy.Named)
        {
            throw new ActionFailedException(
                "customBranchPolicyNames and customTagPolicyNames need deploymentBranchPolicy.custom_branch_policies: "
                + "true.");
        }
        return policy;
    }
}
