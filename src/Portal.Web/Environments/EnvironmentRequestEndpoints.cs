using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Environments;

/// <summary>
/// Asking for an environment: its price, what the host would change, and the request itself, all with the same body.
/// </summary>
internal static class EnvironmentRequestEndpoints
{
    private const string Example = """
        {
          "component": "component:default/orders", "name": "feature-login", "type": "dev",
          "lifetime": "P7D", "reason": "To try the new sign-in"
        }
        """;

    public static void MapEnvironmentRequests(this IEndpointRouteBuilder environments)
    {
        environments.MapPost("/offer", OfferAsync).LimitPlans()
            .Named("priceEnvironment", "What a request would cost; changes nothing")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example(Example);
        environments.MapPost("/plan", PlanAsync).LimitPlans()
            .Named(
                "planEnvironment",
                "What the host says that a request would change there; null where it cannot tell. Changes nothing")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example(Example);
        environments.MapPost("", RequestAsync).LimitPlans()
            .Named("requestEnvironment", "Ask for an environment of a component; answers with the run that makes it")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example(Example);
    }

    private static async Task<Results<Ok<EnvironmentPrice>, Problem>> OfferAsync(
        EnvironmentRequestBody body, Caller caller, RequestEnvironment request,
        CancellationToken cancellation)
    {
        if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
        return (await request.OfferAsync(asked, caller, cancellation))
            .ToOk(o => new EnvironmentPrice(o.Monthly, o.Working));
    }

    private static async Task<Results<Ok<HostPlan>, Problem>> PlanAsync(
        EnvironmentRequestBody body, Caller caller, EnvironmentPlans plans,
        CancellationToken cancellation)
    {
        if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
        return (await plans.OfAsync(asked, caller, cancellation))
            .ToOk(plan => new HostPlan(plan));
    }

    private static async Task<Results<Accepted<EnvironmentRun>, Problem>> RequestAsync(
        EnvironmentRequestBody body, Caller caller, RequestEnvironment request,
        CancellationToken cancellation)
    {
        if (!body.Read().TryGet(out var asked, out var error)) return error.ToProblem();
        return (await request.ExecuteAsync(asked, caller, cancellation))
            .ToAccepted(run => $"/api/v1/runs/{run}", run => new EnvironmentRun(run));
    }
}

/// <param name="Component">Entity reference.</param>
/// <param name="Type">Null = <c>dev</c>.</param>
/// <param name="Size">Null = the definition's smallest.</param>
/// <param name="Lifetime">ISO 8601, e.g. <c>P7D</c> or <c>PT4H</c>; null = no end.</param>
/// <param name="Definition">Null = the host's first.</param>
/// <param name="Parameters">As the definition declares them.</param>
internal sealed record EnvironmentRequestBody(
    string Component, string Name, string? Type, string? Size, string? Lifetime, string? Reason,
    string? Definition = null, JsonObject? Parameters = null)
{
    public Result<EnvironmentRequest> Read()
    {
        if (!EntityRef.TryParse(Component, "component", out var component)) return EnvironmentEndpoints.WrongComponent;
        if (!Lifetimes.Read(Lifetime).TryGet(out var lifetime, out var error)) return error;
        return new EnvironmentRequest(
            component.Value, Name, Type ?? "dev", Size, lifetime.Value, Reason, Definition, Parameters);
    }
}
