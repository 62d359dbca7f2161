using Portal.TestKit.GitHub.Description;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Repositories;

namespace Portal.TestKit.GitHub.Server;

/// <summary>All that the world can do.</summary>
internal static class Routes
{
    public static RouteTable Make(ApiDescription description, WorldState state, AppIdentity app, GitHubLimits limits)
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
        return routes;
    }
}
