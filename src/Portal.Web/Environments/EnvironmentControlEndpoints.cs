using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Environments;

/// <summary>What is done with an environment that is there: each is a run.</summary>
internal static class EnvironmentControlEndpoints
{
    public static void MapEnvironmentControl(this IEndpointRouteBuilder environments)
    {
        environments.MapPost("/{id}/operations/plan", PlanAsync)
            .IsOperation(
                "planEnvironmentOperation",
                "What an operation would change, save or cost, and what goes with it; changes nothing")
            .Example("""{"operation": "stop"}""");
        environments.MapPost("/{id}/stop", StopAsync)
            .IsOperation("stopEnvironment", "Stop it; answers with the run that does");
        environments.MapPost("/{id}/start", StartAsync)
            .IsOperation("startEnvironment", "Start it; answers with the run that does");
        environments.MapPost("/{id}/extend", ExtendAsync)
            .IsOperation(
                "extendEnvironment",
                "Move its end to a lifetime from now, without one it has no end; sooner only with sooner=true. "
                + "Answers with the run that does")
            .Example("""{"lifetime": "P7D"}""");
        environments.MapPost("/{id}/release", ReleaseAsync)
            .IsOperation(
                "releaseEnvironment",
                "Give an adopted one back: it goes on running, without the portal. Answers with the run that does");
        environments.MapDelete("/{id}", DestroyAsync)
            .IsOperation(
                "destroyEnvironment",
                "Destroy it with its data; one that was adopted only with adopted=true. Answers with the run that does");
    }

    private static RouteHandlerBuilder IsOperation(this RouteHandlerBuilder route, string id, string summary) =>
        route.LimitPlans().Named(id, summary).Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<OperationPlan>, Problem>> PlanAsync(
        string id, OperationBody body, Caller caller, ControlEnvironment control, CancellationToken cancellation)
    {
        if (!body.Read().TryGet(out var request, out var error)) return error.ToProblem();
        return (await control.PlanAsync(id, request, caller, cancellation)).ToOk(OperationPlan.Of);
    }

    private static Task<Results<Accepted<EnvironmentRun>, Problem>> StopAsync(
        string id, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        ExecuteAsync(id, OperationRequest.Stop, caller, control, cancellation);

    private static Task<Results<Accepted<EnvironmentRun>, Problem>> StartAsync(
        string id, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        ExecuteAsync(id, OperationRequest.Start, caller, control, cancellation);

    private static async Task<Results<Accepted<EnvironmentRun>, Problem>> ExtendAsync(
        string id, Extension body, Caller caller, ControlEnvironment control, CancellationToken cancellation)
    {
        if (!Lifetimes.Read(body.Lifetime).TryGet(out var lifetime, out var error)) return error.ToProblem();
        var request = OperationRequest.Extend(lifetime.Value, body.Sooner ?? false);
        return await ExecuteAsync(id, request, caller, control, cancellation);
    }

    private static Task<Results<Accepted<EnvironmentRun>, Problem>> ReleaseAsync(
        string id, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        ExecuteAsync(id, OperationRequest.Release, caller, control, cancellation);

    private static Task<Results<Accepted<EnvironmentRun>, Problem>> DestroyAsync(
        string id, bool? adopted, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        ExecuteAsync(id, OperationRequest.Destroy(adopted ?? false), caller, control, cancellation);

    private static async Task<Results<Accepted<EnvironmentRun>, Problem>> ExecuteAsync(
        string id, OperationRequest request, Caller caller, ControlEnvironment control, CancellationToken cancellation)
    {
        return (await control.ExecuteAsync(id, request, caller, cancellation))
            .ToAccepted(run => $"/api/v1/runs/{run}", run => new EnvironmentRun(run));
    }

    /// <param name="Lifetime">ISO 8601; null = no end.</param>
    /// <param name="Sooner">Also where that is sooner than the end that it has, or it has none.</param>
    internal sealed record Extension(string? Lifetime, bool? Sooner);

    /// <param name="Operation">stop, start, extend, release or destroy.</param>
    /// <param name="Lifetime">Of an extension: ISO 8601; null = no end.</param>
    /// <param name="Sooner">Of an extension: also where that is sooner.</param>
    /// <param name="Adopted">Of a destruction: also one that was adopted.</param>
    internal sealed record OperationBody(string Operation, string? Lifetime, bool? Adopted, bool? Sooner)
    {
        public Result<OperationRequest> Read()
        {
            if (!Lifetimes.Read(Lifetime).TryGet(out var lifetime, out var error)) return error;
            return Operation switch
            {
                "stop" => OperationRequest.Stop,
                "start" => OperationRequest.Start,
                "extend" => OperationRequest.Extend(lifetime.Value, Sooner ?? false),
                "release" => OperationRequest.Release,
                "destroy" => OperationRequest.Destroy(Adopted ?? false),
                _ => Error.Invalid("operation-unknown", "Write operation as stop, start, extend, release or destroy."),
            };
        }
    }
}
