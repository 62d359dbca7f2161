using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Core.Providers;

namespace Portal.Web.Shared.Contract;

/// <summary>The document at <c>/openapi/v1.json</c>. docs/openapi.json is the same text, and a test holds it.</summary>
internal static class ContractSetup
{
    private const string Scheme = "token";

    private static readonly Type[] Wrappers = [typeof(Word<>), typeof(SseItem<>)];

    public static void AddContract(this IServiceCollection services) => services.AddOpenApi("v1", o =>
    {
        o.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        o.CreateSchemaReferenceId = NameOf;
        o.AddSchemaTransformer(ContractSchemas.Describe);
        o.AddOperationTransformer(ContractOperations.Describe);
        o.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            RequiredMembers.Set(document);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiDocument document)
    {
        document.Info.Title = "Portal";
        document.Info.Description = "Templates, runs, catalog, environments, pipelines, costs and activity. "
            + "Send a bearer token; make one with ./portal token NAME.";
        // Not the address that somebody happened to ask at.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        var bearer = new OpenApiSecuritySchemeReference(Scheme, document);
        document.Security = [new OpenApiSecurityRequirement { [bearer] = [] }];
    }

    /// <summary>JSON of somebody else's shape has no name, and a name stands for one type.</summary>
    private static string? NameOf(JsonTypeInfo type) => type.Type switch
    {
        var t when typeof(JsonNode).IsAssignableFrom(t) => null,
        { IsGenericType: true } t when Wrappers.Contains(t.GetGenericTypeDefinition()) => null,
        var t when t == typeof(PlannedChange) => "ResourceChange",
        var t when t == typeof(ProblemBody) => "Problem",
        _ => OpenApiOptions.CreateDefaultSchemaReferenceId(type),
    };
}
