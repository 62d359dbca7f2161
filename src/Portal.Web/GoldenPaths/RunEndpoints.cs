using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.GoldenPaths;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

internal static class RunEndpoints
{
    public static void MapRunsApi(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapPost("", StartAsync).WithSummary("Create from a template; answers with the run");
        runs.MapGet("", async (
            string? createdBy, string? template, Word<RunStatus>[]? status, int? offset, int? limit, ClaimsPrincipal person, People people, ReadRuns read,
            CancellationToken cancellation) =>
        {
            var filter = new RunFilter { CreatedBy = createdBy, Template = template?.ToLowerInvariant(), Status = [.. (status ?? []).Select(s => s.Value)], Offset = Math.Max(0, offset ?? 0), Limit = limit ?? 50 };
            return (await read.ListAsync(filter, await people.ActorAsync(person, cancellation), cancellation)).ToOk(p => new { items = p.Items.Select(Show), total = p.Total });
        }).WithSummary("Runs, newest first");
        runs.MapGet("/{id:guid}", async (Guid id, ClaimsPrincipal person, People people, ReadRuns read, CancellationToken cancellation) =>
            (await read.FindAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToOk(v => new
            {
                run = Show(v.Run), values = JsonNode.Parse(v.Run.Values), output = v.Run.Output is null ? null : JsonNode.Parse(v.Run.Output),
                steps = v.Steps.Select(s => new { s.StepId, s.Name, s.Action, s.Status, s.StartedAt, s.FinishedAt, output = s.Output is null ? null : JsonNode.Parse(s.Output) }),
                changes = v.Changes.Select(c => new { c.StepId, c.Iteration, c.Name, c.Kind, c.Provider, c.Summary, c.State, c.At }),
            })).WithSummary("One run with its steps and the changes that it made");
        runs.MapPost("/{id:guid}/cancel", async (Guid id, ClaimsPrincipal person, People people, CancelRun cancel, CancellationToken cancellation) =>
            (await cancel.ExecuteAsync(id, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent()).WithSummary("Ask it to stop");
        runs.MapPost("/{id:guid}/retry", async (
            Guid id, RetryBody? body, ClaimsPrincipal person, People people, RetryRun retry, CancellationToken cancellation) =>
            (await retry.ExecuteAsync(id, new RetryRunRequest(body?.Values, body?.Secrets), await people.ActorAsync(person, cancellation), cancellation)).ToNoContent())
            .WithSummary("Go on from the step that failed, with corrected values or secrets where they are given");
        runs.MapPost("/{id:guid}/approval", async (
            Guid id, DecisionBody body, ClaimsPrincipal person, People people, WakeRun wake, CancellationToken cancellation) =>
            (await wake.DecideAsync(id, body.Approve, body.Comment, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent())
            .WithSummary("Approve or reject what it waits for");
        runs.MapPost("/{id:guid}/events", async (
            Guid id, EventBody body, ClaimsPrincipal person, People people, WakeRun wake, CancellationToken cancellation) =>
            (await wake.TellAsync(id, body.Event, body.Data, await people.ActorAsync(person, cancellation), cancellation)).ToNoContent())
            .WithSummary("Tell the event that it waits for");
        runs.MapGet("/{id:guid}/undo", async (Guid id, ClaimsPrincipal person, People people, UndoRun undo, CancellationToken cancellation) =>
            (await undo.PreviewAsync(id, await people.ActorAsync(person, cancellation), cancellation))
            .ToOk(e => new
            {
                removes = e.Where(i => i.Preview.IsRemoved).Select(ShowUndo),
                keeps = e.Where(i => !i.Preview.IsRemoved).Select(ShowUndo),
            })).WithSummary("What undoing it would take away, and what stays");
        runs.MapPost("/{id:guid}/undo", async (Guid id, ClaimsPrincipal person, People people, UndoRun undo, CancellationToken cancellation) =>
            (await undo.StartAsync(id, await people.ActorAsync(person, cancellation), cancellation)).Error is { } error
                ? error.ToProblem()
                : Results.Accepted($"/api/v1/runs/{id}", new { id }))
            .WithSummary("Take away what it made; the run and its events show how it goes");
        runs.MapGet("/{id:guid}/events", async (
            Guid id, long? after, int? limit, ClaimsPrincipal person, People people, ReadRuns read, RunFeed feed, CancellationToken cancellation) =>
            (await read.FindAsync(id, await people.ActorAsync(person, cancellation), cancellation)).Error is { } error
                ? error.ToProblem()
                : Results.Ok((await feed.ReadAsync(id, after ?? 0, Math.Clamp(limit ?? 1_000, 1, 5_000), cancellation)).Select(ShowEvent)))
            .WithSummary("Events after a number");
        runs.MapGet("/{id:guid}/eventstream", async (
            Guid id, long? after, HttpContext context, ClaimsPrincipal person, People people, ReadRuns read, RunFeed feed, CancellationToken cancellation) =>
        {
            if ((await read.FindAsync(id, await people.ActorAsync(person, cancellation), cancellation)).Error is { } error) return error.ToProblem();
            var from = after ?? (long.TryParse(context.Request.Headers["Last-Event-ID"], out var last) ? last : 0);
            return TypedResults.ServerSentEvents(StreamAsync(feed, id, from, cancellation));
        }).WithSummary("Events as they come (server-sent events), until the run is over");
    }

    private static async Task<IResult> StartAsync(
        StartBody body, ClaimsPrincipal person, People people, CreateFromTemplate create, CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(body.Template, "template", out var template))
            return TemplateEndpoints.NoReference.ToProblem();
        var request = new CreateRequest(template.Value, body.Values ?? [], body.Secrets, body.TreeHash);
        var started = await create.ExecuteAsync(request, await people.ActorAsync(person, cancellation), cancellation);
        return started.TryGet(out var id, out var error) ? Results.Created($"/api/v1/runs/{id}", new { id }) : error.ToProblem();
    }

    private static async IAsyncEnumerable<SseItem<object>> StreamAsync(
        RunFeed feed, Guid id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in feed.FollowAsync(id, after, cancellation))
        {
            foreach (var e in batch.Events) yield return new SseItem<object>(ShowEvent(e), e.Type.ToString().ToLowerInvariant()) { EventId = e.Number.ToString() };
        }
    }

    private static object Show(Run r) => new
    {
        r.Id, r.Title, r.Template, r.TemplateSource, r.TemplateCommit, r.TemplateTreeHash, r.Status, r.Attempt, r.CancelRequested, r.CreatedBy, r.Owner,
        r.CreatedAt, r.StartedAt, r.FinishedAt, r.Failure, wait = r.Wait is null ? null : JsonNode.Parse(r.Wait), r.RetriedBy, r.UndoBy,
    };

    private static object ShowUndo(UndoItem item) => new { item.Entry.Summary, item.Entry.Kind, item.Entry.Provider, item.Preview.Sentence };

    private static object ShowEvent(RunEvent e) => new { e.Number, e.At, e.Type, e.StepId, e.Status, e.Message };

    /// <param name="Template">Entity reference.</param>
    /// <param name="TreeHash">The version that was planned; null = the current one.</param>
    internal sealed record StartBody(string Template, JsonObject? Values, JsonObject? Secrets, string? TreeHash);

    /// <param name="Values">Corrected values by name; the others stay.</param>
    internal sealed record RetryBody(JsonObject? Values, JsonObject? Secrets);

    internal sealed record DecisionBody(bool Approve, string? Comment);

    /// <param name="Event">Its name, as the step says it.</param>
    internal sealed record EventBody(string Event, JsonObject? Data);
}
