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

/// <summary>What there is, and what can be asked for; <see cref="EnvironmentRequestEndpoints"/> ask for it.</summary>
internal static class EnvironmentEndpoints
{
    internal static readonly Error WrongComponent =
        Error.Invalid(
            "component-invalid", "Write component as an entity reference, for example component:default/orders.");

    public static void MapEnvironmentsApi(this IEndpointRouteBuilder api)
    {
        var environments = api.MapGroup("/environments").WithTags("Environments");
        environments.MapGet("", ListAsync).Named("listEnvironments", "Environments, newest first");
        environments.MapGet("/definitions", DefinitionsAsync)
            .Named("listEnvironmentDefinitions", "What a component's provider offers: sizes, prices, parameters")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        environments.MapGet("/{id}", FindAsync).Named("getEnvironment", "One environment with its deployments");
        environments.MapGet("/{id}/log", LogAsync).Named("getEnvironmentLog", "Lines of its log after a number")
            .Fails(StatusCodes.Status502BadGateway);
        environments.MapEnvironmentRequests();
        environments.MapEnvironmentControl();
        environments.MapAdoptionApi();
    }

    private static async Task<Results<Ok<Page<EnvironmentSummary>>, Problem>> ListAsync(
        [AsParameters] EnvironmentQuery query, Caller caller, ReadEnvironments read,
        CancellationToken cancellation) =>
        (await read.ListAsync(query.ToFilter(), caller, cancellation))
        .ToPage(EnvironmentSummary.Of);

    private static async Task<Results<Ok<OfferedDefinitions>, Problem>> DefinitionsAsync(
        string component, Caller caller, RequestEnvironment request,
        CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(component, "component", out var named)) return WrongComponent.ToProblem();
        return (await request.HostOfAsync(named.Value, caller, cancellation))
            .ToOk(host => new OfferedDefinitions(host.Instance, host.Definitions));
    }

    private static async Task<Results<Ok<EnvironmentDetails>, Problem>> FindAsync(
        string id, Caller caller, ReadEnvironments read, CancellationToken cancellation) =>
        (await read.FindAsync(id, caller, cancellation))
            .ToOk(EnvironmentDetails.Of);

    private static async Task<Results<Ok<IReadOnlyList<HostLogLine>>, Problem>> LogAsync(
        string id, long? after, int? limit, Caller caller, ReadEnvironments read,
        CancellationToken cancellation)
    {
        return (await read.LogAsync(id, after ?? 0, limit ?? 1_000, caller, cancellation)).ToOk();
    }
}

/// <summary>As it stands in the query string; owner and type may be given several times.</summary>
internal sealed record EnvironmentQuery(
    string? Component, string[]? Owner, string[]? Type, bool? Destroyed, string? Search, int? Offset, int? Limit)
{
    public EnvironmentFilter ToFilter() => new()
    {
        Component = Component?.ToLowerInvariant(), Owners = Owner ?? [], Types = Type ?? [],
        IncludeDestroyed = Destroyed ?? false, Search = Search, Offset = Math.Max(0, Offset ?? 0), Limit = Limit ?? 100,
    };
}
