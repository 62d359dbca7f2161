using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Quartz;

namespace Portal.Core.Inbound;

/// <summary>
/// Woken by each delivery, and now and then for those whose next attempt is due or whose receiver died.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class WorkOffJob(
    WorkOffDeliveries deliveries, IHostApplicationLifetime lifetime, ILogger<WorkOffJob> log) : IJob
{
    internal static readonly JobKey Key = new("webhook-deliveries");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await deliveries.ExecuteAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left is worked off by who comes next.
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            log.LogWarning("The webhook deliveries wait for the database: {Message}", e.Message);
        }
    }
}

/// <summary>Removes what is old.</summary>
[DisallowConcurrentExecution]
internal sealed class ForgetDeliveriesJob(IDbContextFactory<PortalDbContext> database, DestructionGuard guard) : IJob
{
    internal static readonly JobKey Key = new("forget-webhook-deliveries");

    /// <summary>Longer than any host sends a delivery again.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await ForgetAsync(cancellationToken);

    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        if (await guard.NowAsync(cancellation) is not { } now) return 0;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var before = now - Kept;
        return await db.Set<StoredDelivery>().Where(d => d.ReceivedAt < before).ExecuteDeleteAsync(cancellation);
    }
}
