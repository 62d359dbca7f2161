using Portal.TestKit.GitHub.Description;
using Portal.TestKit.GitHub.Server.Actions;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Hooks;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Pulls;
using Portal.TestKit.GitHub.Server.Repositories;
using Portal.TestKit.GitHub.Server.Settings;

namespace Portal.TestKit.GitHub.Server;

/// <summary>All that the world can do.</summary>
internal static class Routes
{
    public static RouteTable Make(
        ApiDescription description, WorldState state, AppIdentity app, GitHubLimits limits, PipelineSettings pipelines,
        WebhookSender sender, SealedBox box)
    {
        var routes = new RouteTable(description);
        new AppRoutes(state, app, limits).Add(routes);
        OrganisationRoutes.Add(routes);
        RepositoryRoutes.Add(routes);
        RepositoryChanges.Add(routes);
        ObjectRoutes.Add(routes);
        ReferenceRoutes.Add(routes);
        ContentRoutes.Add(routes);
        HistoryRoutes.Add(routes);
        TeamRoutes.Add(routes);
        PullRoutes.Add(routes);
        MergeRoutes.Add(routes);
        IssueRoutes.Add(routes);
        ProtectionRoutes.Add(routes);
        RulesetRoutes.Add(routes);
        EnvironmentRoutes.Add(routes);
        VariableRoutes.Add(routes);
        new SecretRoutes(box).Add(routes);
        SwitchRoutes.Add(routes);
        SmallRoutes.Add(routes);
        CollaboratorRoutes.Add(routes);
        DeploymentRoutes.Add(routes);
        new HookRoutes(state, sender).Add(routes);
        var simulation = new Simulation(state, pipelines);
        var starter = new RunStarter(state, simulation);
        state.Happenings.Pushed += async push =>
        {
            if (sender.IsHeard("push", push.Repository))
            {
                state.Happenings.Tell("push", push.Repository, await PushPayload.OfAsync(state, push));
            }
        };
        state.Happenings.Pushed += push => PullRoutes.FollowAsync(state, push);
        state.Happenings.Pushed += starter.OnPushAsync;
        new WorkflowRoutes(state, starter).Add(routes);
        new RunRoutes(state, simulation, pipelines).Add(routes);
        new LogRoutes(state).Add(routes);
        return routes;
    }
}
