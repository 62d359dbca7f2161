using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Costs;

/// <summary>What was metered in a month, added up by the database.</summary>
/// <param name="From">The first moment of the month.</param>
/// <param name="Until">Now, or the month's end when that is over.</param>
/// <param name="To">The first moment after it.</param>
/// <param name="Component">Key; null = all.</param>
/// <param name="Owners">Keys; null = all.</param>
/// <param name="Billing">Provider instances of which a bill comes: what they run is priced by estimate.</param>
internal sealed record MeteredMonth(
    DateTimeOffset From, DateTimeOffset Until, DateTimeOffset To, string? Component, IReadOnlyList<string>? Owners,
    IReadOnlyList<string> Billing)
{
    /// <summary>One row per component, per owner and per currency.</summary>
    public async Task<List<MeteredSum>> SumAsync(PortalDbContext db, CancellationToken cancellation)
    {
        string[] owners = [.. Owners ?? []], billing = [.. Billing];
        var all = Owners is null;
        // Whole microseconds times a price with eight decimals is exact; only the sum is divided.
        return await db.Database.SqlQuery<MeteredSum>(
            $"""
            select u.component as "Component", u.owner as "Owner", u.currency as "Currency",
              round(sum(u.price_per_hour * extract(epoch from greatest(least(u."to", {Until}) - greatest(u."from", {From}), interval '0'))) / 3600, 12) as "SoFar",
              round(sum(u.price_per_hour * extract(epoch from greatest(least(u."to", {To}) - greatest(u."from", {From}), interval '0'))) / 3600, 12) as "Forecast",
              (count(*) filter (where u."to" is null))::int as "Running", coalesce(bool_or(e.provider = any ({billing})), false) as "IsEstimate"
            from usage_intervals u left join environments e on e.id = u.environment_id
            where u."from" < {To} and (u."to" is null or u."to" > {From})
              and ({Component}::text is null or u.component = {Component}) and ({all} or u.owner = any ({owners}))
            group by grouping sets ((u.component, u.currency), (u.owner, u.currency), (u.currency))
            """).ToListAsync(cancellation);
    }
}

/// <summary>Of a component, of an owner, or of all when both are null.</summary>
internal sealed record MeteredSum(
    string? Component, string? Owner, string Currency, decimal SoFar, decimal Forecast, int Running, bool IsEstimate)
{
    public CostRow Row(string key) =>
        new(key, new Money(SoFar, Currency), new Money(Forecast, Currency), Running, IsEstimate);
}
