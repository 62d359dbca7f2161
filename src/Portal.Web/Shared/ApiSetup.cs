using System.Text.Json.Serialization;
using Portal.Web.Catalog;
using Portal.Web.Costs;
using Portal.Web.Environments;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Hosting;
using Portal.Web.Pipelines;

namespace Portal.Web.Shared;

/// <summary><c>/api/v1</c>: all that the pages do, for scripts. It only grows.</summary>
internal static class ApiSetup
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddBadRequests();
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            StrictJson.Apply(o.SerializerOptions);
        });
        services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Portal";
            document.Info.Description = "Templates, runs, catalog, environments, pipelines, costs and activity. Send a bearer token; make one with ./portal token NAME.";
            return Task.CompletedTask;
        }));
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapUnmatched();
        app.MapOpenApi().AllowAnonymous();
        var api = app.MapGroup("/api/v1").RequireAuthorization(AccessSetup.Api);
        api.MapActivityApi();
        api.MapTokensApi();
        api.MapCatalogApi();
        api.MapCostsApi();
        api.MapEnvironmentsApi();
        api.MapOperationsApi();
        api.MapPipelinesApi();
        api.MapTemplatesApi();
        api.MapDraftsApi();
        api.MapRunsApi();
    }
}
