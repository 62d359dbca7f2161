using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Costs.Billing;

/// <summary>Adds up the billed days of a month.</summary>
public sealed class BilledMonths(ProviderRegistry providers, BillReadings readings, TimeProvider time)
{
    /// <summary>After so long without an answer the figures are called old, on every replica.</summary>
    private static readonly TimeSpan Old = 2 * ReadBills.Freshness;

    /// <summary>Whether the price of what the instance runs is an estimate, because a bill comes.</summary>
    public bool Bills(string provider) => providers.Find<ICostSource>(provider) is not null;

    /// <summary>The instances of which a bill comes.</summary>
    public IReadOnlyList<string> Billing => [.. providers.All<ICostSource>().Select(s => s.Instance)];

    /// <param name="first">First day of the month.</param>
    /// <param name="component">Only this component's; null = all.</param>
    public async Task<BilledReport> ReadAsync(
        PortalDbContext db, VisibleOwners visible, DateOnly first, string? component, CancellationToken cancellation)
    {
        var next = first.AddMonths(1);
        var days = await db.Set<BilledDay>().AsNoTracking().Visible(visible)
            .Where(b => b.Day >= first && b.Day < next && (component == null || b.Component == component))
            .GroupBy(b => new { b.Provider, b.Component, b.Owner, b.Service, b.Currency })
            .Select(g => new BilledSum(
                g.Key.Provider, g.Key.Component, g.Key.Owner, g.Key.Service, g.Key.Currency,
                g.Sum(b => b.Amount))).ToListAsync(cancellation);
        var states = await StatesAsync(db, first, next.AddDays(-1), cancellation);
        if (days.Count == 0 && states.Count == 0) return BilledReport.None;
        return new BilledReport(
            Rows(days.Where(d => d.Component is not null), d => d.Component!),
            Rows(days.Where(d => d.Owner is not null), d => d.Owner!), Rows(days, d => d.Provider),
            Rows(days.Where(d => d.Component is null), d => d.Provider), Sums(days), states);
    }

    private static List<BilledRow> Rows(IEnumerable<BilledSum> days, Func<BilledSum, string> key) =>
        [.. days.GroupBy(d => (Key: key(d), d.Currency))
            .Select(g => new BilledRow(
                g.Key.Key, new Money(g.Sum(d => d.Amount), g.Key.Currency),
                [.. g.GroupBy(d => d.Service)
                    .Select(s => new BilledPart(s.Key, new Money(s.Sum(d => d.Amount), g.Key.Currency)))
                    .OrderByDescending(s => s.Amount.Amount)]))
            .OrderByDescending(r => r.Amount.Amount).ThenBy(r => r.Key, StringComparer.Ordinal)];

    private static List<Money> Sums(IEnumerable<BilledSum> days) =>
        [.. days.GroupBy(d => d.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new Money(g.Sum(d => d.Amount), g.Key))];

    private async Task<List<BillState>> StatesAsync(
        PortalDbContext db, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        // A look into the index per provider: there are few of them, and days without end.
        var known = await db.Database.SqlQuery<LastDay>(
            $"""
            with recursive known as (
              (select provider from billed_days order by provider limit 1)
              union all
              select (select b.provider from billed_days b where b.provider > known.provider order by b.provider limit 1) from known where known.provider is not null)
            select known.provider as "Provider", last.day as "Until", (select max(d.read_at) from billed_days d where d.provider = known.provider and d.day = last.day) as "ReadAt"
            from known cross join lateral (select b.day from billed_days b where b.provider = known.provider order by b.day desc limit 1) last
            """).ToDictionaryAsync(g => g.Provider, cancellation);
        // One that is not set up any more keeps what it billed.
        return [.. providers.All<ICostSource>().Select(s => s.Instance).Union(known.Keys).Order(StringComparer.Ordinal)
            .Select(provider =>
        {
            var rows = known.GetValueOrDefault(provider);
            return State(provider, rows?.ReadAt, rows?.Until, first, last);
        })];
    }

    /// <summary>The days of the month of one service of a provider, for one component.</summary>
    private sealed record BilledSum(
        string Provider, string? Component, string? Owner, string Service, string Currency, decimal Amount);

    private sealed record LastDay(string Provider, DateOnly Until, DateTimeOffset ReadAt);

    private BillState State(string provider, DateTimeOffset? readAt, DateOnly? until, DateOnly first, DateOnly last)
    {
        var reading = readings.Of(provider);
        var asOf = reading.At is { } at && (readAt is null || at > readAt) ? at : readAt;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var from = until is { } day && day >= first ? day.AddDays(1) : first;
        var to = last < today ? last : today;
        var missing = from <= to;
        return new BillState(
            provider, asOf, until, missing ? from : null, missing ? to : null, Problem(provider, reading, asOf));
    }

    private string? Problem(string provider, BillReading reading, DateTimeOffset? asOf)
    {
        if (!Bills(provider)) return $"{provider} is not set up any more; these are its last figures.";
        if (reading.Problem is { } words) return words;
        return asOf is { } at && time.GetUtcNow() - at > Old ? $"{provider} has given no new figures since." : null;
    }
}
