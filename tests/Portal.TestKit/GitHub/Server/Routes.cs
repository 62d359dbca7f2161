using Portal.TestKit.GitHub.Description;
using Portal.TestKit.GitHub.Server.Actions;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Repositories;

namespace Portal.TestKit.GitHub.Server;

/// <summary>All that the world can do.</summary>
internal static class Routes
{
    public static RouteTable Make(ApiDescription description, WorldState state, AppIdentity app, GitHubLimits limits, PipelineSettings pipelines)
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
        var simulation = new Simulation(state, pipelines);
        var starter = new RunStarter(state, simulation);
        state.Happenings.Pushed += starter.OnPushAsync;
        new WorkflowRoutes(state, starter).Add(routes);
        new RunRoutes(state, simulation).Add(routes);
        new LogRoutes(state).Add(routes);
        return routes;
    }
}
