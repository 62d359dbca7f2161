using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Inbound;

/// <param name="Waiting">Received and not handled yet, or waiting for another attempt.</param>
public sealed record DeliverySummary(
    string Provider, DateTimeOffset? LastAt, string? LastEvent, int Waiting, int Failed);

/// <param name="Event">In the provider's words.</param>
public sealed record FailedDelivery(
    Guid Id, string Provider, string DeliveryId, string Event, DateTimeOffset ReceivedAt, int Attempts,
    string? Problem);

/// <summary>How it goes with webhooks, for who runs the portal. What they carried is never shown.</summary>
public sealed class ReadDeliveries(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, ISchedulerFactory schedulers, TimeProvider time)
{
    public const int MostFailed = 50;

    /// <summary>How many there are is no secret of anybody who may read something of the catalog.</summary>
    public async Task<Result<IReadOnlyList<DeliverySummary>>> SummariseAsync(
        Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await db.Set<StoredDelivery>().GroupBy(d => d.Provider)
            .Select(g => new
            {
                g.Key, Last = g.Max(d => d.ReceivedAt), Waiting = g.Count(d => d.Status == DeliveryStatus.Received),
                Failed = g.Count(d => d.Status == DeliveryStatus.Failed),
            }).ToListAsync(cancellation);
        var summaries = new List<DeliverySummary>();
        foreach (var row in rows)
        {
            var last = await db.Set<StoredDelivery>().Where(d => d.Provider == row.Key && d.ReceivedAt == row.Last)
                .Select(d => d.Event).FirstOrDefaultAsync(cancellation);
            summaries.Add(new DeliverySummary(row.Key, row.Last, last, row.Waiting, row.Failed));
        }
        return summaries;
    }

    /// <summary>
    /// The newest of those that failed for good. They belong to nobody, so they are for who may read what is
    /// everybody's.
    /// </summary>
    public async Task<Result<IReadOnlyList<FailedDelivery>>> FailedAsync(Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        if (visible.Keys is not null) return Result<IReadOnlyList<FailedDelivery>>.Ok([]);
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<StoredDelivery>().Where(d => d.Status == DeliveryStatus.Failed)
            .OrderByDescending(d => d.ReceivedAt).Take(MostFailed)
            .Select(d => new FailedDelivery(
                d.Id, d.Provider, d.DeliveryId, d.Event, d.ReceivedAt, d.Attempts,
                d.Problem)).ToListAsync(cancellation);
    }

    /// <summary>Works one that failed off again.</summary>
    public async Task<Result<Done>> TryAgainAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (await db.Set<StoredDelivery>().SingleOrDefaultAsync(d => d.Id == id, cancellation) is not { } row)
        {
            return Error.NotFound("delivery-not-found", "There is no such delivery any more.");
        }
        if (row.Status != DeliveryStatus.Failed)
        {
            return Error.Conflict(
                "delivery-not-failed", "This delivery has not failed; somebody may have tried it again already.");
        }
        row.TryAgain();
        await db.SaveAuditedAsync(
            time, cancellation, new AuditEntry(
                actor, "webhook.retried", $"provider:{row.Provider}",
                $"Tried the webhook delivery {row.DeliveryId} ({row.Event}) of {row.Provider} again"));
        await schedulers.WakeAsync(WorkOffJob.Key, CancellationToken.None);
        return Done.Instance;
    }
}
