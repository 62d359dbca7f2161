using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Inbound;

/// <summary>
/// Hands what was received to the provider that knows its words, in the order of arrival; one that fails is tried again
/// after growing pauses. It compares rows, so that it does not matter who died when.
/// </summary>
public sealed class WorkOffDeliveries(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, TimeProvider time,
    ILogger<WorkOffDeliveries> log)
{
    /// <summary>
    /// Before the second attempt, the third …; after the last of them it has failed. Longer in all than a host's limit
    /// of calls per hour.
    /// </summary>
    internal static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60),
    ];

    /// <summary>For one delivery.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private const int AtOnce = 200;

    /// <summary>Returns how many were handled.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        var due = await Due(db, now).Select(d => d.Provider).Distinct().ToListAsync(cancellation);
        // A provider that is slow keeps no other waiting.
        return (await Task.WhenAll(due.Select(provider => WorkOffAsync(provider, cancellation)))).Sum();
    }

    private async Task<int> WorkOffAsync(string provider, CancellationToken cancellation)
    {
        var held = await HeldAsync(provider, cancellation);
        var handled = 0;
        while (true)
        {
            List<Guid> batch;
            await using (var db = await database.CreateDbContextAsync(cancellation))
            {
                batch = await Due(db, time.Now()).Where(d => d.Provider == provider).OrderBy(d => d.ReceivedAt)
                    .ThenBy(d => d.Id).Select(d => d.Id)
                    .Take(AtOnce).ToListAsync(cancellation);
            }
            var before = handled;
            foreach (var id in batch)
            {
                cancellation.ThrowIfCancellationRequested();
                if (await AttemptAsync(id, held, cancellation)) handled++;
            }
            // What is left of a batch waits for others before it.
            if (batch.Count < AtOnce || handled == before) return handled;
        }
    }

    /// <summary>What earlier deliveries are about that wait for their next attempt.</summary>
    private async Task<HashSet<string>> HeldAsync(string provider, CancellationToken cancellation)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        if (providers.Find<IWebhookReceiver>(provider) is not { } receiver) return held;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        var waiting = db.Set<StoredDelivery>().AsNoTracking()
            .Where(d => d.Provider == provider && d.Status == DeliveryStatus.Received && d.NextAttemptAt > now);
        await foreach (var delivery in waiting.OrderBy(d => d.ReceivedAt).Take(AtOnce).AsAsyncEnumerable()
            .WithCancellation(cancellation))
        {
            if (receiver.OrderedBy(Of(delivery)) is { } about) held.Add(about);
        }
        return held;
    }

    private async Task<bool> AttemptAsync(Guid id, HashSet<string> held, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<StoredDelivery>().SingleOrDefaultAsync(
            d => d.Id == id && d.Status == DeliveryStatus.Received, cancellation);
        if (row is null) return false;
        var receiver = providers.Find<IWebhookReceiver>(row.Provider);
        var about = receiver?.OrderedBy(Of(row));
        if (about is not null && held.Contains(about)) return false;
        var problem = receiver is null
            ? $"No provider named '{row.Provider}' takes webhooks any more. See Portal:Providers."
            : await HandleAsync(receiver, row, cancellation);
        if (problem is null) row.Handle(time.Now());
        else
        {
            row.Fail(problem, row.Attempts < Pauses.Count ? time.Now() + Pauses[row.Attempts] : null);
            if (about is not null && row.Status == DeliveryStatus.Received) held.Add(about);
        }
        await db.SaveChangesAsync(cancellation);
        return problem is null;
    }

    /// <summary>Null, or why it failed.</summary>
    private async Task<string?> HandleAsync(
        IWebhookReceiver receiver, StoredDelivery row, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await receiver.HandleAsync(Of(row), either.Token);
            return null;
        }
        catch (ProviderException e)
        {
            log.LogWarning(
                "The webhook delivery {Delivery} ({Event}) of {Provider} was not handled: {Reason}", row.DeliveryId,
                row.Event, row.Provider, e.Message);
            return e.Message;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested
            && !cancellation.IsCancellationRequested)
        {
            return $"It took longer than {Deadline.TotalSeconds:0} seconds.";
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseTrouble.Is(e))
        {
            // Its message may hold what was delivered; the kind and the place do not.
            log.LogError(
                "The webhook delivery {Delivery} ({Event}) of {Provider} failed with {Kind} at {Place}", row.DeliveryId,
                row.Event, row.Provider, e.GetType().Name, e.StackTrace);
            return $"Something went wrong in the portal ({e.GetType().Name}); its log says where.";
        }
    }

    private static IQueryable<StoredDelivery> Due(PortalDbContext db, DateTimeOffset now) =>
        db.Set<StoredDelivery>().AsNoTracking()
            .Where(d => d.Status == DeliveryStatus.Received && (d.NextAttemptAt == null || d.NextAttemptAt <= now));

    private static WebhookDelivery Of(StoredDelivery row) => new(row.DeliveryId, row.Event, row.Payload);
}
