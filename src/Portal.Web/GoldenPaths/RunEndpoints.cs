using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.GoldenPaths;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.GoldenPaths;

internal static class RunEndpoints
{
    public static void MapRunsApi(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapPost("", StartAsync).LimitPlans().Named("startRun", "Create from a template; answers with the run")
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway)
            .Example("""
                {
                  "template": "template:default/static-site",
                  "values": {"name": "price-list", "owner": "group:default/orders"}
                }
                """);
        runs.MapGet("", ListAsync).Named(
            "listRuns", "Runs, newest first; the portal's own only where a subject or their creator is asked for");
        runs.MapGet("/{id:guid}", FindAsync).Named("getRun", "One run with its steps and the changes that it made");
        runs.MapPost("/{id:guid}/cancel", CancelAsync).Named("cancelRun", "Ask it to stop")
            .Fails(StatusCodes.Status409Conflict);
        runs.MapPost("/{id:guid}/retry", RetryAsync).LimitPlans()
            .Named("retryRun", "Go on from the step that failed, with corrected values or secrets where they are given")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"values": {"second": "menu-api"}}""");
        runs.MapPost("/{id:guid}/approval", DecideAsync).Named("decideRun", "Approve or reject what it waits for")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"approve": true, "comment": "Fine by us"}""");
        runs.MapPost("/{id:guid}/events", TellAsync).Named("tellRun", "Tell the event that it waits for")
            .Fails(StatusCodes.Status409Conflict)
            .Example("""{"event": "merged", "data": {"number": 7}}""");
        runs.MapGet("/{id:guid}/undo", PreviewUndoAsync).LimitPlans()
            .Named("getRunUndo", "What undoing it would take away, and what stays")
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway);
        runs.MapPost("/{id:guid}/undo", UndoAsync).LimitPlans()
            .Named("undoRun", "Take away what it made; the run and its events show how it goes")
            .Fails(StatusCodes.Status409Conflict);
        runs.MapRunEvents();
    }

    private static async Task<Results<Created<RunStarted>, Problem>> StartAsync(
        RunRequest body, Caller caller, CreateFromTemplate create,
        CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(body.Template, "template", out var template))
        {
            return TemplateEndpoints.NoReference.ToProblem();
        }
        var request = new CreateRequest(template.Value, body.Values ?? [], body.Secrets, body.TreeHash);
        var started = await create.ExecuteAsync(request, caller, cancellation);
        return started.ToCreated(Address, id => new RunStarted(id));
    }

    private static async Task<Results<Ok<Page<RunSummary>>, Problem>> ListAsync(
        [AsParameters] RunQuery query, Caller caller, ReadRuns read,
        CancellationToken cancellation) =>
        (await read.ListAsync(query.ToFilter(), caller, cancellation))
            .ToPage(RunSummary.Of);

    private static async Task<Results<Ok<RunDetails>, Problem>> FindAsync(
        Guid id, Caller caller, ReadRuns read, CancellationToken cancellation) =>
        (await read.FindAsync(id, caller, cancellation)).ToOk(RunDetails.Of);

    private static async Task<Results<NoContent, Problem>> CancelAsync(
        Guid id, Caller caller, CancelRun cancel, CancellationToken cancellation) =>
        (await cancel.ExecuteAsync(id, caller, cancellation)).ToNoContent();

    private static async Task<Results<NoContent, Problem>> RetryAsync(
        Guid id, RunCorrections? body, Caller caller, RetryRun retry,
        CancellationToken cancellation)
    {
        var request = new RetryRunRequest(body?.Values, body?.Secrets);
        return (await retry.ExecuteAsync(id, request, caller, cancellation))
            .ToNoContent();
    }

    private static async Task<Results<NoContent, Problem>> DecideAsync(
        Guid id, RunDecision body, Caller caller, WakeRun wake, CancellationToken cancellation)
    {
        return (await wake.DecideAsync(id, body.Approve, body.Comment, caller, cancellation)).ToNoContent();
    }

    private static async Task<Results<NoContent, Problem>> TellAsync(
        Guid id, ToldEvent body, Caller caller, WakeRun wake, CancellationToken cancellation)
    {
        return (await wake.TellAsync(id, body.Event, body.Data, caller, cancellation)).ToNoContent();
    }

    private static async Task<Results<Ok<UndoPlan>, Problem>> PreviewUndoAsync(
        Guid id, Caller caller, UndoRun undo, CancellationToken cancellation) =>
        (await undo.PreviewAsync(id, caller, cancellation)).ToOk(UndoPlan.Of);

    private static async Task<Results<Accepted<RunStarted>, Problem>> UndoAsync(
        Guid id, Caller caller, UndoRun undo, CancellationToken cancellation) =>
        (await undo.StartAsync(id, caller, cancellation))
        .ToAccepted(_ => Address(id), _ => new RunStarted(id));

    private static string Address(Guid run) => $"/api/v1/runs/{run}";
}

/// <summary>As it stands in the query string; a status may be given several times.</summary>
internal sealed record RunQuery(
    string? CreatedBy, string? Template, string? Subject, Word<RunStatus>[]? Status, int? Offset, int? Limit)
{
    public RunFilter ToFilter() => new()
    {
        CreatedBy = CreatedBy, Template = Template?.ToLowerInvariant(), Subject = Subject,
        Status = [.. (Status ?? []).Select(s => s.Value)],
        Offset = Math.Max(0, Offset ?? 0), Limit = Limit ?? 50,
    };
}

/// <param name="Template">Entity reference.</param>
/// <param name="TreeHash">The version that was planned; null = the current one.</param>
internal sealed record RunRequest(string Template, JsonObject? Values, JsonObject? Secrets, string? TreeHash);

/// <param name="Values">Corrected values by name; the others stay.</param>
internal sealed record RunCorrections(JsonObject? Values, JsonObject? Secrets);

internal sealed record RunDecision(bool Approve, string? Comment);

/// <param name="Event">Its name, as the step says it.</param>
internal sealed record ToldEvent(string Event, JsonObject? Data);
