using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Tests.Contract;
using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Shared;

/// <summary>What reads a request for a handler is made when the first request comes, for every route of ours.</summary>
[Collection(ContractPortal.Name)]
public sealed class LateRoutesTests(LivePortal portal)
{
    [Fact]
    public async Task Route_IsCompiledOnce_WhenItIsFirstAsked()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        var compiled = 0;
        app.MapGet("/late", (string text) => text).AddEndpointFilterFactory((_, next) =>
        {
            compiled++;
            return next;
        });

        var route = Assert.Single(((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints));

        Assert.Equal(0, compiled);
        Assert.Equal("hello", await AskAsync(app, route, "?text=hello"));
        Assert.Equal("again", await AskAsync(app, route, "?text=again"));
        Assert.Equal(1, compiled);
    }

    [Fact]
    public void Routes_OfTheWebProject_AreAllLate()
    {
        var routes = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(r => r.Metadata.GetMetadata<MethodInfo>()?.DeclaringType?.Assembly == typeof(LateRoutes).Assembly)
            // What nothing else matches.
            .Where(r => r.Order < int.MaxValue)
            .ToList();

        Assert.True(routes.Count > 60, $"{routes.Count} routes");
        Assert.All(routes, r => Assert.True(
            r.RequestDelegate!.Method.DeclaringType!.DeclaringType == typeof(LateRoutes),
            $"{r.DisplayName} is compiled at the start: map it with the methods of LateRoutes"));
    }

    private static async Task<string> AskAsync(WebApplication app, Endpoint route, string query)
    {
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Request.QueryString = new QueryString(query);
        context.Response.Body = answer;
        await route.RequestDelegate!(context);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
