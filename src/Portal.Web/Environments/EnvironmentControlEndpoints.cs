using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Environments;

/// <summary>What is done with an environment that is there.</summary>
internal static class EnvironmentControlEndpoints
{
    public static void MapEnvironmentControl(this IEndpointRouteBuilder environments)
    {
        environments.MapPost("/{id}/stop", StopAsync).Named("stopEnvironment", "Stop it")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
        environments.MapPost("/{id}/start", StartAsync).Named("startEnvironment", "Start it")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
        environments.MapPost("/{id}/extend", ExtendAsync)
            .Named("extendEnvironment", "Move its end to a lifetime from now; without one it has no end")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway).Example("""{"lifetime": "P7D"}""");
        environments.MapPost("/{id}/release", ReleaseAsync)
            .Named("releaseEnvironment", "Give an adopted one back: it goes on running, without the portal")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
        environments.MapDelete("/{id}", DestroyAsync)
            .Named("destroyEnvironment", "Destroy it with its data; one that was adopted only with adopted=true")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
    }

    private static async Task<Results<NoContent, Problem>> StopAsync(
        string id, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        (await control.StopAsync(id, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> StartAsync(
        string id, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        (await control.StartAsync(id, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> ExtendAsync(
        string id, Extension body, Caller caller, ControlEnvironment control,
        CancellationToken cancellation)
    {
        if (!Lifetimes.Read(body.Lifetime).TryGet(out var lifetime, out var error)) return error.ToProblem();
        return (await control.ExtendAsync(id, lifetime.Value, caller, cancellation)).ToNoContent();
    }

    private static async Task<Results<NoContent, Problem>> ReleaseAsync(
        string id, Caller caller, ControlEnvironment control, CancellationToken cancellation) =>
        (await control.ReleaseAsync(id, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> DestroyAsync(
        string id, bool? adopted, Caller caller, ControlEnvironment control,
        CancellationToken cancellation)
    {
        return (await control.DestroyAsync(id, caller, cancellation, adoptedToo: adopted ?? false)).ToNoContent();
    }

    /// <param name="Lifetime">ISO 8601; null = no end.</param>
    internal sealed record Extension(string? Lifetime);
}
