using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Runs;
using Portal.Web.Governance;
using Portal.Web.Shared;
using Portal.Web.Shared.Contract;

namespace Portal.Web.GoldenPaths;

/// <summary>What happens in a run: what there is, or as it comes.</summary>
internal static class RunEventEndpoints
{
    public static void MapRunEvents(this IEndpointRouteBuilder runs)
    {
        runs.MapGet("/{id:guid}/events", ListAsync).Named("listRunEvents", "Events after a number");
        runs.MapGet("/{id:guid}/eventstream", FollowAsync)
            .Named("followRun", "Events as they come (server-sent events), until the run is over");
    }

    private static async Task<Results<Ok<IReadOnlyList<RunEventRecord>>, Problem>> ListAsync(
        Guid id, long? after, int? limit, Caller caller, ReadRuns read, RunFeed feed,
        CancellationToken cancellation)
    {
        if ((await read.FindAsync(id, caller, cancellation)).Error is { } error) return error.ToProblem();
        var events = await feed.ReadAsync(id, after ?? 0, Math.Clamp(limit ?? 1_000, 1, 5_000), cancellation);
        return TypedResults.Ok<IReadOnlyList<RunEventRecord>>([.. events.Select(RunEventRecord.Of)]);
    }

    private static async Task<Results<ServerSentEventsResult<RunEventRecord>, Problem>> FollowAsync(
        Guid id, long? after, HttpContext context, Caller caller, ReadRuns read, RunFeed feed,
        CancellationToken cancellation)
    {
        if ((await read.FindAsync(id, caller, cancellation)).Error is { } error) return error.ToProblem();
        var from = after ?? (long.TryParse(context.Request.Headers["Last-Event-ID"], out var last) ? last : 0);
        return TypedResults.ServerSentEvents(StreamAsync(feed, id, from, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<RunEventRecord>> StreamAsync(
        RunFeed feed, Guid id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in feed.FollowAsync(id, after, cancellation))
        {
            foreach (var e in batch.Events)
            {
                yield return new SseItem<RunEventRecord>(RunEventRecord.Of(e), e.Type.ToString().ToLowerInvariant())
                {
                    EventId = e.Number.ToString(),
                };
            }
        }
    }
}
