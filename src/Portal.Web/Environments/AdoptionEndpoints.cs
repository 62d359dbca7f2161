using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Environments;

internal static class AdoptionEndpoints
{
    private const string Example = """
        {
          "provider": "azure",
          "externalId": "/subscriptions/018f0000-0000-7000-8000-000000000001/resourceGroups/orders",
          "component": "component:default/orders", "name": "shop", "type": "dev", "reason": "It was made by hand"
        }
        """;

    public static void MapAdoptionApi(this IEndpointRouteBuilder environments)
    {
        environments.MapGet("/adoptable", ListAsync).LimitPlans()
            .Named("listAdoptableEnvironments", "What there is at a provider that can be adopted")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status502BadGateway);
        environments.MapPost("/adopt/plan", PlanAsync).LimitPlans()
            .Named("planAdoption", "What adopting would change; changes nothing")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example(Example);
        environments.MapPost("/adopt", AdoptAsync).LimitPlans()
            .Named("adoptEnvironment", "Adopt an environment that exists already; answers with the run that does")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example(Example);
    }

    private static async Task<Results<Ok<Listed<AdoptableEnvironment>>, Problem>> ListAsync(
        string? provider, Caller caller, RequestAdoption adoption,
        CancellationToken cancellation)
    {
        var at = provider ?? (adoption.Providers is [var first, ..] ? first : "");
        return (await adoption.ListAsync(at, caller, cancellation))
            .ToList(e => e);
    }

    private static async Task<Results<Ok<AdoptionPlan>, Problem>> PlanAsync(
        AdoptionBody body, Caller caller, RequestAdoption adoption,
        CancellationToken cancellation)
    {
        if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
        return (await adoption.OfferAsync(asked, caller, cancellation))
            .ToOk(o => new AdoptionPlan(o.Found, o.Plan));
    }

    private static async Task<Results<Accepted<EnvironmentRun>, Problem>> AdoptAsync(
        AdoptionBody body, Caller caller, RequestAdoption adoption,
        CancellationToken cancellation)
    {
        if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
        return (await adoption.ExecuteAsync(asked, caller, cancellation))
            .ToAccepted(run => $"/api/v1/runs/{run}", run => new EnvironmentRun(run));
    }

    /// <param name="Component">Entity reference.</param>
    /// <param name="Type">Null = <c>dev</c>.</param>
    internal sealed record AdoptionBody(
        string Provider, string ExternalId, string Component, string Name, string? Type, string? Reason)
    {
        public Result<AdoptionRequest> Read() => EntityRef.TryParse(Component, "component", out var component)
            ? new AdoptionRequest(Provider, ExternalId, component.Value, Name, Type ?? "dev", Reason)
            : EnvironmentEndpoints.WrongComponent;
    }
}
