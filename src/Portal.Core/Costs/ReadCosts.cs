using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Costs.Billing;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.Environments.Usage;
using Portal.Core.Shared;

namespace Portal.Core.Costs;

/// <param name="Key">Of the component or the team.</param>
/// <param name="SoFar">From the start of the period until now.</param>
/// <param name="Forecast">By the end of the period, should what runs now go on running.</param>
/// <param name="IsEstimate">Something of it runs where a provider bills: what counts in the end stands in <see cref="CostReport.Billed"/>.</param>
public sealed record CostRow(string Key, Money SoFar, Money Forecast, int Running, bool IsEstimate = false);

/// <param name="Working">Each interval that counts: environment, size, hours, price, amount.</param>
public sealed record CostReport(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<CostRow> ByComponent, IReadOnlyList<CostRow> ByOwner, IReadOnlyList<Money> Total,
    IReadOnlyList<CostLine> Working)
{
    /// <summary>What the providers billed; beside the metered costs, never added to them.</summary>
    public BilledReport Billed { get; init; } = BilledReport.None;
}

/// <param name="IsEstimate">It runs where a provider bills.</param>
public sealed record CostLine(
    string EnvironmentId, string Component, string Owner, string Size, DateTimeOffset From, DateTimeOffset? To, decimal Hours, Money PerHour, Money Amount,
    bool IsEstimate = false);

/// <summary>What components and teams cost: metered hours times the price at the time, and what the providers billed.</summary>
public sealed class ReadCosts(IDbContextFactory<PortalDbContext> database, Authorise authorise, BilledMonths billed, TimeProvider time)
{
    /// <summary>Whether the provider bills, so that prices of what it runs are estimates.</summary>
    public bool IsEstimate(string provider) => billed.Bills(provider);

    /// <summary>The calendar month (UTC) that <paramref name="month"/> lies in.</summary>
    /// <param name="component">Only this component's; null = all.</param>
    public async Task<Result<CostReport>> MonthAsync(DateTimeOffset month, string? component, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.CostRead, null, cancellation)).Error is { } refused) return refused;
        var from = new DateTimeOffset(month.Year, month.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var to = from.AddMonths(1);
        var now = time.Now();
        await using var db = await database.CreateDbContextAsync(cancellation);
        var intervals = await db.Set<UsageInterval>().AsNoTracking()
            .Where(u => u.From < to && (u.To == null || u.To > from) && (component == null || u.Component == component))
            .OrderBy(u => u.Component).ThenBy(u => u.From).ToListAsync(cancellation);
        var until = now < to ? now : to;
        var estimates = await EstimatesAsync(db, intervals, cancellation);
        return new CostReport(
            from, to, Rows(intervals, u => u.Component, estimates, from, until, to), Rows(intervals, u => u.Owner, estimates, from, until, to),
            Sums(intervals.Select(u => u.Cost(from, until))), intervals.ConvertAll(u => Line(u, from, until) with { IsEstimate = estimates.Contains(u.EnvironmentId) }))
        {
            Billed = await billed.ReadAsync(db, DateOnly.FromDateTime(from.UtcDateTime), component, cancellation),
        };
    }

    /// <summary>Those environments that run where a bill comes.</summary>
    private async Task<HashSet<string>> EstimatesAsync(PortalDbContext db, List<UsageInterval> intervals, CancellationToken cancellation)
    {
        var ids = intervals.Select(u => u.EnvironmentId).Distinct().ToList();
        var at = await db.Set<PortalEnvironment>().Where(e => ids.Contains(e.Id)).Select(e => new { e.Id, e.Provider }).ToListAsync(cancellation);
        return at.Where(e => billed.Bills(e.Provider)).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
    }

    private static List<CostRow> Rows(
        List<UsageInterval> intervals, Func<UsageInterval, string> key, HashSet<string> estimates, DateTimeOffset from, DateTimeOffset until, DateTimeOffset to) =>
        intervals.GroupBy(u => (Key: key(u), u.Currency))
            .Select(g => new CostRow(
                g.Key.Key, Sum(g, g.Key.Currency, u => u.Cost(from, until)), Sum(g, g.Key.Currency, u => u.Cost(from, to)), g.Count(u => u.To is null),
                g.Any(u => estimates.Contains(u.EnvironmentId))))
            .OrderByDescending(r => r.SoFar.Amount).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();

    private static Money Sum(IEnumerable<UsageInterval> intervals, string currency, Func<UsageInterval, Money> cost) =>
        intervals.Aggregate(Money.Zero(currency), (sum, u) => sum + cost(u));

    private static List<Money> Sums(IEnumerable<Money> amounts) =>
        amounts.GroupBy(m => m.Currency).Select(g => g.Aggregate((a, b) => a + b)).OrderBy(m => m.Currency, StringComparer.Ordinal).ToList();

    private static CostLine Line(UsageInterval u, DateTimeOffset from, DateTimeOffset until)
    {
        var amount = u.Cost(from, until);
        var hours = u.PricePerHour == 0 ? 0 : amount.Amount / u.PricePerHour;
        return new CostLine(u.EnvironmentId, u.Component, u.Owner, u.Size, u.From, u.To, hours, new Money(u.PricePerHour, u.Currency), amount);
    }
}
