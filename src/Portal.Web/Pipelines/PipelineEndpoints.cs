using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.Pipelines;

internal static class PipelineEndpoints
{
    private static readonly Error WrongRepository =
        Error.Invalid("repository-invalid", "Write repository as organisation/name.");

    public static void MapPipelinesApi(this IEndpointRouteBuilder api)
    {
        var pipelines = api.MapGroup("/pipelines").WithTags("Pipelines");
        pipelines.MapGet("", ListAsync).Named("listPipelineRuns", "Pipeline runs, newest first");
        pipelines.MapPost("", TriggerAsync).LimitPlans().Named("startPipelineRun", "Start a workflow")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example("""{"repository": "orders/price-list", "workflow": "ci.yml", "reference": "main"}""");
        pipelines.MapGet("/{id}", FindAsync).Named("getPipelineRun", "One pipeline run");
        pipelines.MapGet("/{id}/log", LogAsync).Named("getPipelineRunLog", "Lines of its log after a number")
            .Fails(StatusCodes.Status502BadGateway);
        pipelines.MapPost("/{id}/cancel", CancelAsync).Named("cancelPipelineRun", "Cancel it")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
        pipelines.MapPost("/{id}/rerun", RerunAsync).LimitPlans()
            .Named("rerunPipelineRun", "Run it again on the same commit; answers with the run that does so")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
    }

    private static async Task<Results<Ok<Page<PipelineRunInfo>>, Problem>> ListAsync(
        string? repository, int? offset, int? limit, Caller caller, ReadPipelines read,
        CancellationToken cancellation)
    {
        return (await read.ListAsync(repository, Math.Max(0, offset ?? 0), limit ?? 50, caller, cancellation))
            .ToPage(r => r.Info);
    }

    private static async Task<Results<Ok<PipelineRunInfo>, Problem>> FindAsync(
        string id, Caller caller, ReadPipelines read, CancellationToken cancellation) =>
        (await read.FindAsync(id, caller, cancellation)).ToOk(r => r.Info);

    private static async Task<Results<Ok<IReadOnlyList<HostLogLine>>, Problem>> LogAsync(
        string id, long? after, int? limit, Caller caller, ReadPipelines read,
        CancellationToken cancellation)
    {
        return (await read.LogAsync(id, after ?? 0, limit ?? 1_000, caller, cancellation)).ToOk();
    }

    private static async Task<Results<NoContent, Problem>> CancelAsync(
        string id, Caller caller, ReadPipelines read, CancellationToken cancellation) =>
        (await read.CancelAsync(id, caller, cancellation)).ToNoContent();

    private static async Task<Results<Accepted<StartedPipelineRun>, Problem>> RerunAsync(
        string id, Caller caller, ReadPipelines read, CancellationToken cancellation) =>
        (await read.RerunAsync(id, caller, cancellation))
        .ToAccepted(Address, run => new StartedPipelineRun(run));

    private static async Task<Results<Created<StartedPipelineRun>, Problem>> TriggerAsync(
        PipelineRunRequest body, Caller caller, ReadPipelines read, ProviderRegistry providers,
        CancellationToken cancellation)
    {
        if (!RepositoryName.TryParse(body.Repository, out var repository)) return WrongRepository.ToProblem();
        var id = await read.TriggerAsync(
            body.Provider ?? providers.Default<IPipelineHost>().Instance, repository.Value, body.Workflow ?? "ci.yml",
            body.Reference ?? "main", caller, cancellation);
        return id.ToCreated(Address, run => new StartedPipelineRun(run));
    }

    private static string Address(string run) => $"/api/v1/pipelines/{run}";

    /// <param name="Repository"><c>organisation/name</c>.</param>
    /// <param name="Workflow">File name; null = <c>ci.yml</c>.</param>
    /// <param name="Reference">Branch, tag or SHA; null = <c>main</c>.</param>
    /// <param name="Provider">Null = the first that runs pipelines.</param>
    internal sealed record PipelineRunRequest(string Repository, string? Workflow, string? Reference, string? Provider);

    internal sealed record StartedPipelineRun(string Id);
}
