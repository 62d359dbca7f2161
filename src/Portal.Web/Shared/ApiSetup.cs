using System.Text.Json.Serialization;
using Portal.Web.Catalog;
using Portal.Web.Costs;
using Portal.Web.Environments;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Hosting;
using Portal.Web.Organisation;
using Portal.Web.Pipelines;
using Portal.Web.Shared.Contract;

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
            o.SerializerOptions.Converters.Add(
                new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            StrictJson.Apply(o.SerializerOptions);
        });
        services.AddContract();
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapUnmatched();
        app.MapOpenApi().AllowAnonymous();
        var api = app.MapGroup("/api/v1").RequireAuthorization(AccessSetup.Api).WithErrors();
        api.MapActivityApi();
        api.MapTokensApi();
        api.MapCatalogApi();
        api.MapTeamsApi();
        api.MapPeopleApi();
        api.MapCostsApi();
        api.MapEnvironmentsApi();
        api.MapOperationsApi();
        api.MapPipelinesApi();
        api.MapTemplatesApi();
        api.MapDraftsApi();
        api.MapRunsApi();
    }
}
