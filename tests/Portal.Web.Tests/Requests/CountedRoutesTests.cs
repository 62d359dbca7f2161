using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.GoldenPaths;

namespace Portal.Web.Tests.Requests;

/// <summary>What costs the portal or a provider much is counted, by whichever address it is asked for.</summary>
public sealed class CountedRoutesTests(LivePortal portal) : IClassFixture<LivePortal>
{
    /// <summary>They change a row or two.</summary>
    private static readonly HashSet<string> Small = new(StringComparer.Ordinal)
    {
        "POST /api/v1/drafts/", "PUT /api/v1/drafts/{id:guid}", "DELETE /api/v1/drafts/{id:guid}",
        "POST /api/v1/tokens/", "DELETE /api/v1/tokens/{id:guid}",
        "POST /api/v1/runs/{id:guid}/cancel", "POST /api/v1/runs/{id:guid}/approval",
        "POST /api/v1/runs/{id:guid}/events", "POST /api/scaffolder/v2/tasks/{id}/cancel",
        "POST /api/v1/pipelines/{id}/cancel", "DELETE /api/v1/catalog/sample", "POST /api/v1/operations/clock/confirm",
        "POST /api/v1/teams/", "PUT /api/v1/teams/{ns}/{name}", "DELETE /api/v1/teams/{ns}/{name}",
        "POST /api/v1/teams/{ns}/{name}/members", "DELETE /api/v1/teams/{ns}/{name}/members/{personNs}/{person}",
        "POST /api/v1/teams/{ns}/{name}/join-requests", "POST /api/v1/join-requests/{id:guid}/accept",
        "POST /api/v1/join-requests/{id:guid}/decline", "DELETE /api/v1/join-requests/{id:guid}",
        "POST /api/v1/people/", "PUT /api/v1/people/{ns}/{name}", "DELETE /api/v1/people/{ns}/{name}",
        "PUT /api/v1/people/{ns}/{name}/administrator", "DELETE /api/v1/people/{ns}/{name}/administrator",
        // Of administrators alone, who are asked before anything is read.
        "POST /api/v1/people/import", "POST /api/v1/people/import/preview",
    };

    /// <summary>They change nothing and ask providers all the same.</summary>
    private static readonly string[] Asking = ["GET /api/v1/runs/{id:guid}/undo", "GET /api/v1/environments/adoptable"];

    [Fact]
    public void Routes_ThatChangeSomething_AreCountedOrSmall()
    {
        var routes = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Route: new RouteUnderTest(e), Endpoint: e))
            .Where(r => r.Endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
                && !r.Endpoint.RoutePattern.RawText.Contains("**", StringComparison.Ordinal))
            .SelectMany(r => r.Route.Methods.Select(m => (
                Name: $"{m} /{r.Endpoint.RoutePattern.RawText!.TrimStart('/')}",
                IsCounted: r.Endpoint.Metadata.GetMetadata<CountedAsPlan>() is not null)))
            .ToList();

        Assert.Equal([], routes.Where(r => !r.Name.StartsWith("GET ", StringComparison.Ordinal) && !r.IsCounted
            && !Small.Contains(r.Name)).Select(r => r.Name));
        Assert.Equal([], Small.Except(routes.Where(r => !r.IsCounted).Select(r => r.Name), StringComparer.Ordinal));
        Assert.All(Asking, asking => Assert.Contains((asking, true), routes));
    }
}
