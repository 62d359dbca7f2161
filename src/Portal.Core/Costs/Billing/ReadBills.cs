using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Costs.Billing;

/// <summary>
/// Takes over what the providers bill, day by day. A bill comes late and changes for weeks, so the days of the last
/// weeks are asked for again each time, and what a provider no longer reports goes. One that is down keeps its last
/// figures, and no other from theirs.
/// </summary>
public sealed class ReadBills(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, BillReadings readings, TimeProvider time,
    ILogger<ReadBills> log)
{
    /// <summary>Figures that are older are read again.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromHours(6);

    /// <summary>So long a day's figures may still change.</summary>
    internal const int DaysThatChange = 35;

    /// <summary>A first reading goes back to the oldest environment, but no further than this.</summary>
    private const int MostDays = 365;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Reads what is due; returns how many providers answered.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellation)
    {
        var answered =
            await Task.WhenAll(providers.All<ICostSource>().Select(source => ReadAsync(source, cancellation)));
        return answered.Count(a => a);
    }

    private async Task<bool> ReadAsync(ICostSource source, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        var last = await db.Set<BilledDay>().Where(b => b.Provider == source.Instance).MaxAsync(
            b => (DateTimeOffset?)b.ReadAt, cancellation);
        var fresh = readings.Of(source.Instance).At is { } known && (last is null || known > last) ? known : last;
        if (now - fresh < Freshness) return false;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var from = await FromAsync(db, today, last, cancellation);
        var bill = await ProviderQuery.AskAsync(
            source.Instance, Patience, time, token => source.BilledAsync(from, today, token), cancellation);
        if (!bill.TryGet(out var billed, out var error))
        {
            readings.Failed(source.Instance, error.Message);
            log.LogWarning("The bill of {Provider} was not read: {Reason}", source.Instance, error.Message);
            return false;
        }
        await new BillTaker(db, source.Instance, now).TakeAsync(from, today, billed, cancellation);
        readings.Succeeded(source.Instance, now);
        return true;
    }

    /// <summary>
    /// What may have changed since the last reading; at the first one, what is there of the portal's.
    /// </summary>
    private static async Task<DateOnly> FromAsync(
        PortalDbContext db, DateOnly today, DateTimeOffset? last, CancellationToken cancellation)
    {
        if (last is { } at) return DateOnly.FromDateTime(at.UtcDateTime).AddDays(-DaysThatChange);
        var oldest = await db.Set<PortalEnvironment>().MinAsync(e => (DateTimeOffset?)e.CreatedAt, cancellation);
        var needed = oldest is { } made ? DateOnly.FromDateTime(made.UtcDateTime) : today;
        return new[] { needed, today.AddDays(-DaysThatChange) }.Min() is var from
            && from < today.AddDays(-MostDays) ? today.AddDays(-MostDays) : from;
    }
}

/// <summary>Looks more often than figures grow old, so that what failed is tried again before long.</summary>
[DisallowConcurrentExecution]
internal sealed class ReadBillsJob(ReadBills bills) : IJob
{
    internal static readonly JobKey Key = new("read-bills");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await bills.ExecuteAsync(cancellationToken);
}
