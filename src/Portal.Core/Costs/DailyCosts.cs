using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Costs;

public enum DailyCostsBy { Component, Owner }

public sealed record DailyCostFilter
{
    public const int MostDays = 400;

    /// <summary>The first day, UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The first day after them, at most <see cref="MostDays"/> later.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Only this component's, by key; null = all.</summary>
    public string? Component { get; init; }

    /// <summary>Only these owners', by key; null = all.</summary>
    public IReadOnlyList<string>? Owners { get; init; }

    public DailyCostsBy By { get; init; }

    /// <summary>The keys that are told apart; all others are added up.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];
}

/// <param name="Day">UTC.</param>
/// <param name="Key">Of the component or the owner; null: of all others together.</param>
public sealed record DailyCost(DateOnly Day, string? Key, Money Cost);

/// <summary>What each day cost, metered and added up by the database: as many rows as a chart has points.</summary>
public sealed class DailyCosts(IDbContextFactory<PortalDbContext> database, Authorise authorise, TimeProvider time)
{
    /// <summary>By day. Days on which nothing ran are left out.</summary>
    public async Task<Result<IReadOnlyList<DailyCost>>> ListAsync(
        DailyCostFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (filter.To.DayNumber - filter.From.DayNumber > DailyCostFilter.MostDays)
        {
            throw new ArgumentException($"At most {DailyCostFilter.MostDays} days at once.", nameof(filter));
        }
        if (!(await authorise.VisibleAsync(actor, Permissions.CostRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        var owners = filter.Owners is { Count: > 0 } asked ? visible.Among(asked) : visible.Keys;
        if (filter.Owners is { Count: 0 } || owners is { Count: 0 }) return Result<IReadOnlyList<DailyCost>>.Ok([]);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var days = await SumAsync(db, filter, owners, cancellation);
        return Result<IReadOnlyList<DailyCost>>.Ok(
            [.. days.OrderBy(d => d.Day).Select(d => new DailyCost(d.Day, d.Key, new Money(d.Amount, d.Currency)))]);
    }

    private Task<List<DaySum>> SumAsync(
        PortalDbContext db, DailyCostFilter filter, IReadOnlyList<string>? owners, CancellationToken cancellation)
    {
        var (from, to, now) = (StartOf(filter.From), StartOf(filter.To), time.GetUtcNow());
        var until = now < to ? now : to;
        string[] among = [.. owners ?? []], apart = [.. filter.Apart];
        var (all, byOwner) = (owners is null, filter.By == DailyCostsBy.Owner);
        // Each interval is cut into its days: no interval is held against days on which it did not run.
        return db.Database.SqlQuery<DaySum>(
            $"""
            select (d.day at time zone 'UTC')::date as "Day", k.key as "Key", u.currency as "Currency",
              round(sum(u.price_per_hour * extract(epoch from
                least(u."to", {until}, d.day + interval '24 hours') - greatest(u."from", d.day)))
                / 3600, 12) as "Amount"
            from usage_intervals u
            cross join lateral generate_series(
              date_trunc('day', greatest(u."from", {from}), 'UTC'),
              least(u."to", {until}) - interval '1 microsecond', interval '24 hours') d(day)
            cross join lateral (select case when {byOwner} then u.owner else u.component end as key) named
            cross join lateral (select case when named.key = any ({apart}) then named.key end as key) k
            where u."from" < {until} and (u."to" is null or u."to" > {from})
              and ({filter.Component}::text is null or u.component = {filter.Component})
              and ({all} or u.owner = any ({among}))
            group by d.day, k.key, u.currency
            """).ToListAsync(cancellation);
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}

internal sealed record DaySum(DateOnly Day, string? Key, string Currency, decimal Amount);
