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
/// <param name="IsEstimate">Something of it runs where a provider bills: what counts in the end stands in
/// <see cref="CostReport.Billed"/>.</param>
public sealed record CostRow(string Key, Money SoFar, Money Forecast, int Running, bool IsEstimate = false);

/// <param name="Working">The page of the intervals that count: environment, size, hours, price, amount.</param>
/// <param name="WorkingTotal">How many intervals count.</param>
public sealed record CostReport(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<CostRow> ByComponent, IReadOnlyList<CostRow> ByOwner,
    IReadOnlyList<Money> Total,
    IReadOnlyList<CostLine> Working, int WorkingTotal)
{
    /// <summary>What the providers billed; beside the metered costs, never added to them.</summary>
    public BilledReport Billed { get; init; } = BilledReport.None;
}

/// <param name="IsEstimate">It runs where a provider bills.</param>
public sealed record CostLine(
    string EnvironmentId, string Component, string Owner, string Size, DateTimeOffset From, DateTimeOffset? To,
    decimal Hours, Money PerHour, Money Amount,
    bool IsEstimate = false);

public sealed record CostFilter
{
    /// <summary>Any moment of the calendar month (UTC).</summary>
    public required DateTimeOffset Month { get; init; }

    /// <summary>Only this component's, by key; null = all.</summary>
    public string? Component { get; init; }

    /// <summary>Of the intervals.</summary>
    public int Offset { get; init; }

    /// <summary>Of the intervals, 0 to 500: none where nobody looks at them.</summary>
    public int Limit { get; init; }
}

/// <summary>
/// What components and teams cost: metered hours times the price at the time, and what the providers billed.
/// </summary>
public sealed class ReadCosts(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, BilledMonths billed, TimeProvider time)
{
    /// <summary>Whether the provider bills, so that prices of what it runs are estimates.</summary>
    public bool IsEstimate(string provider) => billed.Bills(provider);

    public async Task<Result<CostReport>> MonthAsync(CostFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CostRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        var month = Month(filter.Month, filter.Component, visible.Keys);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var sums = await month.SumAsync(db, cancellation);
        var total = sums.Where(s => s is { Component: null, Owner: null }).Select(s => new Money(s.SoFar, s.Currency))
            .OrderBy(m => m.Currency, StringComparer.Ordinal);
        var (lines, count) = await LinesAsync(db, month, visible, filter, cancellation);
        return new CostReport(
            month.From, month.To, Rows(sums, s => s.Component), Rows(sums, s => s.Owner), [.. total], lines, count)
        {
            Billed = await billed.ReadAsync(
                db, visible, DateOnly.FromDateTime(month.From.UtcDateTime), filter.Component, cancellation),
        };
    }

    /// <summary>What this month costs so far, of these owners alone.</summary>
    /// <param name="owners">Keys.</param>
    public async Task<Result<IReadOnlyList<CostRow>>> OfOwnersAsync(
        IReadOnlyList<string> owners, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CostRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        if (owners.Count == 0) return Result<IReadOnlyList<CostRow>>.Ok([]);
        await using var db = await database.CreateDbContextAsync(cancellation);
        return Rows(await Month(time.Now(), null, visible.Among(owners)).SumAsync(db, cancellation), s => s.Owner);
    }

    private MeteredMonth Month(DateTimeOffset any, string? component, IReadOnlyList<string>? owners)
    {
        var from = new DateTimeOffset(any.Year, any.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var (to, now) = (from.AddMonths(1), time.Now());
        return new MeteredMonth(from, now < to ? now : to, to, component, owners, billed.Billing);
    }

    private static List<CostRow> Rows(IEnumerable<MeteredSum> sums, Func<MeteredSum, string?> key) =>
        [.. sums.Where(s => key(s) is not null).Select(s => s.Row(key(s)!)).OrderByDescending(r => r.SoFar.Amount)
            .ThenBy(r => r.Key, StringComparer.Ordinal)];

    private async Task<(IReadOnlyList<CostLine> Lines, int Total)> LinesAsync(
        PortalDbContext db, MeteredMonth month, VisibleOwners visible, CostFilter filter,
        CancellationToken cancellation)
    {
        if (filter.Limit <= 0) return ([], 0);
        var counts = db.Set<UsageInterval>().AsNoTracking().Visible(visible)
            .Where(u => u.From < month.To && (u.To == null || u.To > month.From)
                && (filter.Component == null || u.Component == filter.Component));
        var page = await counts.OrderBy(u => u.Component).ThenBy(u => u.From).ThenBy(u => u.Id)
            .Skip(Math.Max(0, filter.Offset)).Take(Math.Min(filter.Limit, 500))
            .Select(u => new { Usage = u, Provider = db.Set<PortalEnvironment>().Where(e => e.Id == u.EnvironmentId)
            .Select(e => e.Provider).FirstOrDefault() })
            .ToListAsync(cancellation);
        return (page.ConvertAll(p => Line(
            p.Usage, month.From, month.Until,
            p.Provider is { } at && billed.Bills(at))), await counts.CountAsync(cancellation));
    }

    private static CostLine Line(UsageInterval u, DateTimeOffset from, DateTimeOffset until, bool isEstimate)
    {
        var amount = u.Cost(from, until);
        var hours = u.PricePerHour == 0 ? 0 : amount.Amount / u.PricePerHour;
        return new CostLine(
            u.EnvironmentId, u.Component, u.Owner, u.Size, u.From, u.To, hours, new Money(u.PricePerHour, u.Currency),
            amount, isEstimate);
    }
}
