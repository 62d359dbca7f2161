using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;

namespace Portal.Web.Backstage;

/// <summary>The routes of Backstage's scaffolder, so that scripts written for it work unchanged.</summary>
internal static class ScaffolderRoutes
{
    public static void MapScaffolder(this IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/api/scaffolder/v2").RequireAuthorization(AccessSetup.Api).ExcludeFromDescription();
        v2.MapPost("/tasks", StartAsync).LimitPlans();
        v2.MapGet("/tasks", ListAsync);
        v2.MapGet("/tasks/{id}", (string id, Caller caller, ReadRuns read, CancellationToken cancellation) =>
            WithRunAsync(id, caller, read, run => Task.FromResult(Results.Ok(ScaffolderTasks.Task(run))),
                cancellation));
        v2.MapGet("/tasks/{id}/events", EventsAsync);
        v2.MapGet("/tasks/{id}/eventstream", StreamAsync);
        v2.MapPost("/tasks/{id}/cancel",
            async (string id, Caller caller, CancelRun cancel, CancellationToken cancellation) =>
        {
            if (!Guid.TryParse(id, out var run)) return NoTask(id);
            var done = await cancel.ExecuteAsync(run, caller, cancellation);
            return done.Error is { } error ? error.ToBackstage() : Results.Ok(new { status = "cancelled" });
        });
        v2.MapPost("/tasks/{id}/retry",
            async (string id, RetryBody? body, Caller caller, RetryRun retry, CancellationToken cancellation) =>
        {
            if (!Guid.TryParse(id, out var run)) return NoTask(id);
            var done = await retry.ExecuteAsync(run, new RetryRunRequest(Secrets: body?.Secrets), caller, cancellation);
            return done.Error is { } error
                ? error.ToBackstage()
                : Results.Created($"/api/scaffolder/v2/tasks/{run}", new { id = run });
        }).LimitPlans();
        v2.MapGet("/templates/{ns}/{kind}/{name}/parameter-schema", ParameterSchemaAsync);
        v2.MapGet("/actions", async (Caller caller, ReadTemplates read, CancellationToken cancellation) =>
        {
            if (!(await read.ActionsAsync(caller, cancellation)).TryGet(out var actions, out var refused))
            {
                return refused.ToBackstage();
            }
            return Results.Ok(actions.Select(a => new
            {
                id = a.Id, description = a.Summary,
                examples = a.Examples.Select(e => new { description = e.Title, example = e.Yaml }),
                schema = new { input = a.Input, output = a.Output },
            }));
        });
        v2.MapDryRun();
    }

    private static async Task<IResult> StartAsync(
        StartBody body, Caller caller, CreateFromTemplate create, CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(body.TemplateRef, "template", out var template))
        {
            return Error.Invalid(
                "template-invalid",
                "templateRef must be an entity reference, for example template:default/static-site.").ToBackstage();
        }
        var request = new CreateRequest(template.Value, body.Values ?? [], body.Secrets);
        var started = await create.ExecuteAsync(request, caller, cancellation);
        return started.TryGet(out var id, out var error)
            ? Results.Created($"/api/scaffolder/v2/tasks/{id}", new { id })
            : error.ToBackstage();
    }

    private static async Task<IResult> ListAsync(
        string? createdBy, string[]? status, int? offset, int? limit, Caller caller, ReadRuns read,
        CancellationToken cancellation)
    {
        var filter = new RunFilter
        {
            CreatedBy = createdBy, Status = (status ?? []).SelectMany(ScaffolderTasks.Statuses).ToArray(),
            Offset = Math.Max(0, offset ?? 0), Limit = limit ?? 100,
        };
        var list = await read.ListAsync(filter, caller, cancellation);
        return list.TryGet(out var page, out var error)
            ? Results.Ok(new { tasks = page.Items.Select(ScaffolderTasks.Task), totalTasks = page.Total })
            : error.ToBackstage();
    }

    private static Task<IResult> EventsAsync(
        string id, long? after, Caller caller, ReadRuns read, RunFeed feed, CancellationToken cancellation) =>
        WithRunAsync(id, caller, read, async run =>
        {
            var events = await feed.ReadAsync(run.Id, after ?? 0, 5_000, cancellation);
            return Results.Ok(events.Select(e => ScaffolderTasks.Event(run, e)));
        }, cancellation);

    private static Task<IResult> StreamAsync(
        string id, long? after, Caller caller, ReadRuns read, RunFeed feed, CancellationToken cancellation) =>
        WithRunAsync(id, caller, read, async run =>
        {
            return TypedResults.ServerSentEvents(FollowAsync(run, after ?? 0, caller, read, feed, cancellation));
        }, cancellation);

    private static async IAsyncEnumerable<SseItem<JsonObject>> FollowAsync(
        Run run, long after, Actor actor, ReadRuns read, RunFeed feed,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in feed.FollowAsync(run.Id, after, cancellation))
        {
            // The output of a completed run is part of its last event, so the run is read again with that.
            if (batch.Events.Any(e => e is { StepId: null, Status: "completed" }))
            {
                run = (await read.FindAsync(run.Id, actor, cancellation)).Value.Run;
            }
            foreach (var e in batch.Events)
            {
                var shown = ScaffolderTasks.Event(run, e);
                yield return new SseItem<JsonObject>(
                    shown, shown["type"]!.GetValue<string>()) { EventId = e.Number.ToString() };
            }
        }
    }

    private static async Task<IResult> ParameterSchemaAsync(
        string ns, string kind, string name, Caller caller, ReadTemplates read, CancellationToken cancellation)
    {
        var found = await read.FindVersionAsync(new EntityRef(kind, ns, name), null, caller, cancellation);
        if (!found.TryGet(out var version, out var error)) return error.ToBackstage();
        return Results.Ok(new
        {
            title = version.Title, description = version.Manifest.Description,
            presentation = version.Manifest.SpecJson["presentation"]?.DeepClone(),
            steps = version.Form.ToParameterSchema(),
        });
    }

    private static async Task<IResult> WithRunAsync(
        string id, Caller caller, ReadRuns read, Func<Run, Task<IResult>> answer, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var run)) return NoTask(id);
        var found = await read.FindAsync(run, caller, cancellation);
        return found.TryGet(out var view, out var error) ? await answer(view.Run) : error.ToBackstage();
    }

    private static IResult NoTask(string id) => Error.NotFound("run-not-found", $"Task '{id}' not found").ToBackstage();

    internal sealed record StartBody(string? TemplateRef, JsonObject? Values, JsonObject? Secrets);

    internal sealed record RetryBody(JsonObject? Secrets);
}
