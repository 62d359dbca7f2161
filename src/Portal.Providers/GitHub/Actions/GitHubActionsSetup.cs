using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.GoldenPaths;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Autolinks;
using Portal.Providers.GitHub.Actions.DeployKeys;
using Portal.Providers.GitHub.Actions.Dispatch;
using Portal.Providers.GitHub.Actions.DeploymentEnvironments;
using Portal.Providers.GitHub.Actions.Issues;
using Portal.Providers.GitHub.Actions.Pages;
using Portal.Providers.GitHub.Actions.Protection;
using Portal.Providers.GitHub.Actions.Publish;
using Portal.Providers.GitHub.Actions.PullRequests;
using Portal.Providers.GitHub.Actions.Rulesets;
using Portal.Providers.GitHub.Actions.Secrets;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Actions.Webhooks;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions;

public static class GitHubActionsSetup
{
    /// <summary>
    /// The actions of templates that are about GitHub, whether one is configured or not: a template that uses them can
    /// be checked everywhere, and its plan says which setting is missing.
    /// </summary>
    public static IServiceCollection AddGitHubActions(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GitHubClients>().AddSingleton<GitHubTargets>().AddSingleton<PullRequestUpdate>();
        services.AddSingleton<NewRepositorySteps>().AddSingleton<WorkflowAndSecurity>()
            .AddSingleton<DefaultBranchProtection>();
        services.AddGitHubEffects();
        services.AddSingleton<IAction, PublishGitHub>().AddSingleton<IAction, GitHubRepoCreate>()
            .AddSingleton<IAction, GitHubRepoPush>()
            .AddSingleton<IAction, PullRequestCreate>().AddSingleton<IAction, ActionsDispatch>();
        services.AddSingleton<IAction, DeploymentEnvironmentCreate>().AddSingleton<IAction, BranchProtectionCreate>()
            .AddSingleton<IAction, RulesetCreate>();
        services.AddSingleton<IAction, IssuesCreate>().AddSingleton<IAction, IssuesLabel>();
        services.AddSingleton<IAction, WebhookCreate>().AddSingleton<IAction, AutolinksCreate>()
            .AddSingleton<IAction, DeployKeyCreate>().AddSingleton<IAction, PagesEnable>();
        return services;
    }

    private static void AddGitHubEffects(this IServiceCollection services)
    {
        services.AddEffect<AccessEffect, AccessArgs, SettingApplied>();
        services.AddEffect<PropertiesEffect, PropertiesArgs, SettingApplied>();
        services.AddEffect<ActionsSettingsEffect, ActionsSettingsArgs, SettingApplied>();
        services.AddEffect<SecurityEffect, SecurityArgs, SettingApplied>();
        services.AddEffect<VariablesEffect, VariablesArgs, SettingApplied>();
        services.AddEffect<SecretsEffect, SecretsArgs, SettingApplied>();
        services.AddEffect<ProtectionEffect, ProtectionArgs, ProtectionSet>();
        services.AddEffect<PushEffect, PushArgs, Pushed>();
        services.AddEffect<PullRequestEffect, PullRequestArgs, PullRequestOpened>();
        services.AddEffect<DeploymentEnvironmentEffect, DeploymentEnvironmentArgs, SettingApplied>();
        services.AddEffect<RulesetEffect, RulesetArgs, RulesetMade>();
        services.AddEffect<IssueEffect, IssueArgs, IssueMade>();
        services.AddEffect<LabelsEffect, LabelsArgs, SettingApplied>();
        services.AddEffect<WebhookEffect, WebhookArgs, WebhookMade>();
        services.AddEffect<AutolinkEffect, AutolinkArgs, SettingApplied>();
        services.AddEffect<DeployKeyEffect, DeployKeyArgs, SettingApplied>();
        services.AddEffect<PagesEffect, PagesArgs, SettingApplied>();
    }
}
