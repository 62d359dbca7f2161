using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Protection;

/// <summary><c>github:branch-protection:create</c>.</summary>
internal sealed class BranchProtectionCreate(GitHubTargets targets, ProtectionEffect effect) : RepositoryAction(targets)
{
    public override ActionDescription Description { get; } = new(
        "github:branch-protection:create", "Protects a branch of a GitHub repository.",
        Inputs.Of(["repoUrl"], Inputs.Target, """
            {
              "branch": { "type": "string", "minLength": 1, "title": "Branch",
                "description": "The default branch unless given." },
              "enforceAdmins": { "type": "boolean", "title": "Administrators too", "default": true }
            }
            """, Inputs.Protection),
        ActionSchema.Nothing,
        [new ActionExample("Require two approvals and a passing build", """
            id: protect
            name: Protect the default branch
            action: github:branch-protection:create
            input:
              repoUrl: ${{ parameters.repoUrl }}
              requiredApprovingReviewCount: 2
              requiredStatusCheckContexts: [build]
            """)]);

    protected override (string Verb, string What) Change => ("Protect", "branch");

    protected override async Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var branch = context.Input.AnyText("branch");
        var args = new ProtectionArgs(
            target.Instance, target.Name, branch, ProtectionRules.Of(context.Input, "enforceAdmins"),
            IsOptional: false);
        await context.ApplyAsync(
            effect, target.Instance, $"protection of {branch ?? "the default branch"}", args, cancellation);
    }
}
