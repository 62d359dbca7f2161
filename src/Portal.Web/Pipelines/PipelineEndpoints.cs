using System.Security.Claims;
using Portal.Core.Access;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Pipelines;

internal static class PipelineEndpoints
{
    public static void MapPipelinesApi(this IEndpointRouteBuilder api)
    {
        var pipelines = api.MapGroup("/pipelines").WithTags("Pipelines");
        pipelines.MapGet("", async (
            string? repository, int? offset, int? limit, ClaimsPrincipal person, People people, ReadPipelines read, CancellationToken cancellation) =>
            (await read.ListAsync(repository, Math.Max(0, offset ?? 0), limit ?? 50, await people.ActorAsync(person, cancellation), cancellation))
            .ToOk(p => new { items = p.Items.Select(r => r.Info), total = p.Total })).WithSummary("Pipeline runs, newest first");
        pipelines.MapGet("/{id}", async (string id, ClaimsPrincipal person, People people, ReadPipelines read, CancellationToken cancellation) =>
            (await read.FindAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToOk(r => r.Info)).WithSummary("One pipeline run");
        pipelines.MapGet("/{id}/log", async (
            string id, long? after, int? limit, ClaimsPrincipal person, People people, ReadPipelines read, CancellationToken cancellation) =>
            (await read.LogAsync(id, after ?? 0, limit ?? 1_000, await people.ActorAsync(person, cancellation), cancellation)).ToOk())
            .WithSummary("Lines of its log after a number");
        pipelines.MapPost("/{id}/cancel", async (string id, ClaimsPrincipal person, People people, ReadPipelines read, CancellationToken cancellation) =>
            (await read.CancelAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent()).WithSummary("Cancel it");
        pipelines.MapPost("/{id}/rerun", async (string id, ClaimsPrincipal person, People people, ReadPipelines read, CancellationToken cancellation) =>
            (await read.RerunAsync(id, await people.ActorAsync(person, cancellation), cancellation)).TryGet(out var run, out var error)
                ? Results.Accepted($"/api/v1/pipelines/{run}", new { id = run })
                : error.ToProblem()).WithSummary("Run it again on the same commit; answers with the run that does so");
        pipelines.MapPost("", async (
            TriggerBody body, ClaimsPrincipal person, People people, ReadPipelines read, ProviderRegistry providers, CancellationToken cancellation) =>
        {
            if (!RepositoryName.TryParse(body.Repository, out var repository))
                return Error.Invalid("repository-invalid", "Write repository as organisation/name.").ToProblem();
            var id = await read.TriggerAsync(
                body.Provider ?? providers.Default<IPipelineHost>().Instance, repository.Value, body.Workflow ?? "ci.yml", body.Reference ?? "main",
                await people.ActorAsync(person, cancellation), cancellation);
            return id.TryGet(out var run, out var error) ? Results.Created($"/api/v1/pipelines/{run}", new { id = run }) : error.ToProblem();
        }).WithSummary("Start a workflow");
    }

    internal sealed record TriggerBody(string Repository, string? Workflow, string? Reference, string? Provider);
}
