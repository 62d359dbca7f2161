using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Server;

internal static partial class PipelineRoutes
{
    public static void MapPipelines(this IEndpointRouteBuilder routes, OutsideState state)
    {
        routes.MapPost(
            "/repositories/{organisation}/{name}/runs", async (string organisation, string name, HttpContext context) =>
            {
                var request = (await context.Request.ReadFromJsonAsync<NewRun>(Wire.Json, context.RequestAborted))!;
                return Results.Json(
                    Dispatch(state, new RepositoryName(organisation, name), request), Wire.Json, statusCode: 201);
            }).WithName(OutsideRoutes.Dispatch);
        routes.MapGet(
            "/repositories/{organisation}/{name}/runs",
            (string organisation, string name, int limit, string? correlation) => RepositoryRoutes.Locked(state, () =>
                Of(state, new RepositoryName(organisation, name)).Where(
                    r => correlation is null || r.Correlation == correlation)
                    .OrderByDescending(r => r.Number).Take(limit).Select(r => r.Describe()).ToList())).WithName(
                        OutsideRoutes.ListRuns);
        routes.MapGet("/runs/{id}", (string id) => RepositoryRoutes.Locked(state, () => Run(state, id).Describe()))
            .WithName(OutsideRoutes.FindRun);
        routes.MapGet("/runs/{id}/log", (string id, long after, int limit) =>
            RepositoryRoutes.Locked(state, () => Run(state, id).Log().Where(l => l.Number > after).Take(limit)
                .ToList())).WithName(OutsideRoutes.ReadRunLog);
        routes.MapPut("/runs/{id}/cancelled", (string id) => RepositoryRoutes.Locked(state, () =>
        {
            var run = Run(state, id);
            run.Cancel();
            return run.Describe();
        })).WithName(OutsideRoutes.CancelRun);
    }

    private static IEnumerable<StoredRun> Of(OutsideState state, RepositoryName repository) =>
        state.Runs.Values.Where(r => r.Repository == repository);

    private static StoredRun Run(OutsideState state, string id) =>
        state.Runs.GetValueOrDefault(id) ?? throw new RefusedException(
            ErrorKind.NotFound, "run-not-found", $"There is no pipeline run {id}.");

    private static PipelineRunInfo Dispatch(OutsideState state, RepositoryName name, NewRun request)
    {
        if (!FileName().IsMatch(request.Workflow))
        {
            throw new RefusedException(
                ErrorKind.Invalid, "workflow-name",
                $"'{request.Workflow}' is not the name of a workflow; give a file name such as ci.yml.");
        }
        lock (state.Access)
        {
            var repository = state.Repository(name);
            if (repository.From(request.Reference) is not [var commit, ..])
            {
                throw new RefusedException(
                    ErrorKind.NotFound, "reference-unknown",
                    $"There is no branch or commit '{request.Reference}' in {name}.");
            }
            var workflow = commit.Tree.ReadText($".github/workflows/{request.Workflow}")
                ?? throw new RefusedException(
                    ErrorKind.NotFound, "workflow-unknown", $"There is no workflow {request.Workflow} in {name}.");
            // Without a correlation nobody can know that it is the same request again.
            if (request.Correlation is { } correlation
                && Of(state, name).FirstOrDefault(r => r.Correlation == correlation) is { } earlier)
            {
                return earlier.Describe();
            }
            var run = new StoredRun(
                Guid.NewGuid().ToString("N"), name, request, repository.DefaultBranch, commit, Play.Of(workflow),
                Of(state, name).Count() + 1, OutsideState.Now(), state.PipelineTime);
            state.Runs[run.Id] = run;
            state.Ledger.Note(run.AsThing());
            return run.Describe();
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml\z")]
    private static partial Regex FileName();
}
