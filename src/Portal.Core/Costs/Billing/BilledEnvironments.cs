using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Environments;

namespace Portal.Core.Costs.Billing;

/// <summary>
/// Which environment a day of a bill is for. A provider knows it by marks that are there now: they are not on what is
/// gone or was given back, and on what was adopted they are also for days when it was not the portal's.
/// </summary>
internal sealed class BilledEnvironments(
    Dictionary<string, PortalEnvironment> byId, ILookup<string, PortalEnvironment> byScope)
{
    /// <summary>Only those that a bill may be for.</summary>
    /// <param name="named">Ids that the provider says.</param>
    /// <param name="unnamed">Scopes of which it does not say for what they are.</param>
    public static async Task<BilledEnvironments> ReadAsync(
        PortalDbContext db, string provider, IReadOnlyCollection<string> named, IReadOnlyCollection<string> unnamed,
        CancellationToken cancellation)
    {
        var scopes = await db.Set<BilledDay>()
            .Where(b => b.Provider == provider && b.EnvironmentId != null && unnamed.Contains(b.Scope))
            .Select(b => new { b.Scope, Id = b.EnvironmentId! }).Distinct().ToListAsync(cancellation);
        var ids = named.Concat(scopes.Select(s => s.Id)).Distinct(StringComparer.Ordinal).ToList();
        var all = await db.Set<PortalEnvironment>().AsNoTracking().Where(e => ids.Contains(e.Id)).ToDictionaryAsync(
            e => e.Id, StringComparer.Ordinal, cancellation);
        return new BilledEnvironments(
            all,
            scopes.Where(s => all.ContainsKey(s.Id)).ToLookup(s => s.Scope, s => all[s.Id], StringComparer.Ordinal));
    }

    /// <param name="named">What the provider says.</param>
    /// <returns>Null: nothing of the portal's.</returns>
    public PortalEnvironment? Of(DateOnly day, string scope, string? named)
    {
        if (named is not null) return byId.GetValueOrDefault(named) is { } known && Began(known) <= day ? known : null;
        // What the provider knows no more, the portal knows from the days before.
        return byScope[scope].Where(e => Began(e) <= day && (e.DestroyedAt is not { } end || day <= Date(end)))
            .MaxBy(e => e.CreatedAt);
    }

    private static DateOnly Began(PortalEnvironment environment) => Date(environment.CreatedAt);

    private static DateOnly Date(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
