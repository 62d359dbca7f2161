using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.Providers;

namespace Portal.Core.Costs.Billing;

/// <summary>Brings the rows of one provider in line with its answer.</summary>
internal sealed class BillTaker(PortalDbContext db, string provider, DateTimeOffset now)
{
    private sealed record Key(DateOnly Day, string Scope, string Service, string Currency);

    private sealed record Sum(Key Key, decimal Amount, string? EnvironmentId);

    /// <param name="to">Inclusive. Days outside are left as they are, also where the answer has them.</param>
    public async Task TakeAsync(
        DateOnly from, DateOnly to, IReadOnlyList<BilledCost> billed, CancellationToken cancellation)
    {
        var sums = Sums(billed.Where(b => b.Day >= from && b.Day <= to));
        var rows = await db.Set<BilledDay>().Where(b => b.Provider == provider && b.Day >= from && b.Day <= to)
            .ToDictionaryAsync(b => new Key(b.Day, b.Scope, b.Service, b.Currency), cancellation);
        var environments = await BilledEnvironments.ReadAsync(
            db, provider, [.. sums.Select(s => s.EnvironmentId).OfType<string>()],
            [.. sums.Where(s => s.EnvironmentId is null).Select(s => s.Key.Scope)], cancellation);
        foreach (var sum in sums)
        {
            if (!rows.Remove(sum.Key, out var row)) db.Add(row = New(sum.Key));
            (row.Amount, row.ReadAt) = (sum.Amount, now);
            Attribute(row, environments.Of(sum.Key.Day, sum.Key.Scope, sum.EnvironmentId));
        }
        db.RemoveRange(rows.Values);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>A day once attributed keeps its team: who takes a service over pays from then on.</summary>
    private static void Attribute(BilledDay row, PortalEnvironment? environment)
    {
        if (row.EnvironmentId == environment?.Id) return;
        (row.EnvironmentId, row.Component, row.Owner) = (environment?.Id, environment?.Component, environment?.Owner);
    }

    /// <summary>One row per day, scope, service and currency; where environments share a scope, one each.</summary>
    private static List<Sum> Sums(IEnumerable<BilledCost> billed) =>
        [.. billed.GroupBy(b => new Key(b.Day, b.Scope, b.Service, b.Amount.Currency)).SelectMany(key =>
        {
            var environments = key.GroupBy(b => b.EnvironmentId, b => b.Amount.Amount).ToList();
            return environments.Select(e => new Sum(
                environments.Count == 1 ? key.Key : key.Key with { Scope = $"{key.Key.Scope} ({e.Key ?? "other"})" },
                e.Sum(), e.Key));
        })];

    private BilledDay New(Key key) => new()
    {
        Provider = provider, Day = key.Day, Scope = key.Scope, Service = key.Service, Currency = key.Currency,
        Amount = 0, ReadAt = now,
    };
}
