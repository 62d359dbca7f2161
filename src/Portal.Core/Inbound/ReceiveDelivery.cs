using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Inbound;

public enum Receipt
{
    /// <summary>It is kept and will be worked off.</summary>
    Stored,

    /// <summary>It came before: nothing happens again.</summary>
    AlreadyThere,
}

/// <summary>
/// Takes a delivery in: who sent it is checked, then it is a row that is worked off, whatever crashes.
/// </summary>
public sealed class ReceiveDelivery(
    ProviderRegistry providers, IDbContextFactory<PortalDbContext> database, ISchedulerFactory schedulers,
    TimeProvider time, ILogger<ReceiveDelivery> log)
{
    /// <summary>Whether there is anybody to take deliveries of the instance.</summary>
    public bool Takes(string instance) => providers.Find<IWebhookReceiver>(instance) is not null;

    public async Task<Result<Receipt>> ExecuteAsync(
        string instance, WebhookRequest request, CancellationToken cancellation)
    {
        if (providers.Find<IWebhookReceiver>(instance) is not { } receiver)
        {
            return Error.NotFound("webhook-unknown", "Nobody takes webhooks here.");
        }
        WebhookDelivery delivery;
        try
        {
            delivery = receiver.Accept(request);
        }
        catch (ProviderException refused)
        {
            log.LogWarning("A webhook of {Instance} was refused: {Code}", receiver.Instance, refused.Error.Code);
            return refused.Error;
        }
        var receipt = await StoreAsync(receiver.Instance, delivery, cancellation);
        // A crash before this line leaves a row, which the sweep finds.
        if (receipt == Receipt.Stored) await schedulers.WakeAsync(WorkOffJob.Key, CancellationToken.None);
        return receipt;
    }

    private async Task<Receipt> StoreAsync(string provider, WebhookDelivery delivery, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        // One that failed for good and is sent again by hand gets its attempts anew.
        var stored = await db.Database.ExecuteSqlAsync($"""
            insert into webhook_deliveries (id, provider, delivery_id, event, payload, received_at, status, attempts)
            values ({Guid.CreateVersion7(now)}, {provider}, {delivery.Id}, {delivery.Event}, {delivery.Payload}, {now}, 'Received', 0)
            on conflict (provider, delivery_id) do update set status = 'Received', attempts = 0, problem = null, next_attempt_at = null
            where webhook_deliveries.status = 'Failed'
            """, cancellation);
        return stored == 0 ? Receipt.AlreadyThere : Receipt.Stored;
    }
}
