namespace Portal.Web.Shared.Contract;

/// <summary>The document at <c>/openapi/v1.json</c>. docs/openapi.json is the same text, and a test holds it.</summary>
internal static class ContractSetup
{
    public static void AddContract(this IServiceCollection services) => services.AddOpenApi("v1", o =>
    {
        o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Portal";
            document.Info.Description =
                "Templates, runs, catalog, environments, pipelines, costs and activity. Send a bearer token; make one with ./portal token NAME.";
            return Task.CompletedTask;
        });
    });
}
