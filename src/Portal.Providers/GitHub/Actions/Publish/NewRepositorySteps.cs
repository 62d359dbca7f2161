using Portal.Core.Catalog.Actions;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Actions.Protection;
using Portal.Providers.GitHub.Actions.Secrets;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary>A new repository with all that a template wants set in it, one effect each.</summary>
internal sealed class NewRepositorySteps(
    RepositoryCreateEffect create, AccessEffect access, PropertiesEffect properties, VariablesEffect variables,
    SecretsEffect secrets, WorkflowAndSecurity settings)
{
    /// <returns>The first commit, as an output.</returns>
    public async Task<System.Text.Json.Nodes.JsonNode?> CreateAsync(
        ActionContext context, RepositoryTarget target, FileTree tree, string branch, string message,
        CancellationToken cancellation)
    {
        var input = context.Input;
        context.PlanRepository(target.Name, tree);
        var args = NewRepositoryInput.Args(context, target, tree, branch, message);
        var made = await context.ApplyAsync(create, target.Instance, "repository", args, cancellation);
        foreach (var one in NewRepositoryInput.Access(input, target))
        {
            await context.ApplyAsync(
                access, target.Instance, $"access of {(one.IsTeam ? "team " : "")}{one.Name}", one, cancellation);
        }
        if (NewRepositoryInput.PropertyLists(input) is { Count: > 0 } lists)
        {
            await context.ApplyAsync(
                properties, target.Instance, "properties",
                new PropertiesArgs(target.Instance, target.Name, lists) { IsNewRepository = true }, cancellation);
        }
        if (input.Pairs("repoVariables") is { Count: > 0 } values)
        {
            await context.ApplyAsync(
                variables, target.Instance, "variables",
                new VariablesArgs(target.Instance, target.Name, null, values) { IsNewRepository = true }, cancellation);
        }
        if (input.Pairs("secrets") is { Count: > 0 } hidden)
        {
            await context.ApplyAsync(
                secrets, target.Instance, "secrets",
                new SecretsArgs(target.Instance, target.Name, null, [.. hidden.Keys], hidden)
                {
                    IsNewRepository = true,
                },
                cancellation);
        }
        await settings.ApplyAsync(context, target, cancellation);
        context.Outputs["remoteUrl"] = target.Host.CloneUrl(target.Name);
        context.Outputs["repoContentsUrl"] = ContentsUrl(target, branch);
        context.Outputs["repository"] = target.Name.ToString();
        return made.Outputs["commit"]?.DeepClone();
    }

    /// <summary>The folder of a branch, as catalog:register takes it.</summary>
    public static string ContentsUrl(RepositoryTarget target, string branch)
    {
        var clone = target.Host.CloneUrl(target.Name);
        return $"{(clone.EndsWith(".git", StringComparison.Ordinal) ? clone[..^4] : clone)}/blob/{branch}";
    }
}

/// <summary>Settings of workflows and of security: only what the template names is touched.</summary>
internal sealed class WorkflowAndSecurity(ActionsSettingsEffect workflows, SecurityEffect security)
{
    public async Task ApplyAsync(ActionContext context, RepositoryTarget target, CancellationToken cancellation)
    {
        var forWorkflows = NewRepositoryInput.Workflows(context.Input, target);
        if (!forWorkflows.IsNothing)
        {
            await context.ApplyAsync(workflows, target.Instance, "workflow settings", forWorkflows, cancellation);
        }
        var forSecurity = NewRepositoryInput.Security(context.Input, target);
        if (!forSecurity.IsNothing)
        {
            await context.ApplyAsync(security, target.Instance, "security settings", forSecurity, cancellation);
        }
    }
}

/// <summary>Protects the branch that was just pushed, unless the template does not want that.</summary>
internal sealed class DefaultBranchProtection(ProtectionEffect effect)
{
    /// <param name="isNew">The step made the repository too.</param>
    public async Task ApplyAsync(
        ActionContext context, RepositoryTarget target, string branch, bool isNew, CancellationToken cancellation)
    {
        if (!context.Input.Flag("protectDefaultBranch", otherwise: true)) return;
        var args = new ProtectionArgs(
            target.Instance, target.Name, branch, ProtectionRules.Of(context.Input, "protectEnforceAdmins"),
            IsOptional: true) { IsNewRepository = isNew };
        var applied = await context.ApplyAsync(effect, target.Instance, "protection", args, cancellation);
        if (applied.Result?.Refused is { } why)
        {
            context.Log($"The branch {branch} is not protected. {why}", RunEventType.Warning);
        }
    }
}
