using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Comparing;

/// <summary>
/// What hosts have and the portal does not know, and the other way round; for who administers the portal.
/// </summary>
public sealed class ReadDifferences(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    public const int Most = 100;

    public async Task<Result<IReadOnlyList<HostDifference>>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await Lasting(db).AsNoTracking().OrderBy(d => d.Provider).ThenBy(d => d.Kind).ThenBy(d => d.Name)
            .Take(Most).ToListAsync(cancellation);
    }

    public async Task<Result<int>> CountAsync(Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await Lasting(db).CountAsync(cancellation);
    }

    /// <summary>Seen more than once: what was seen once may be on its way.</summary>
    private static IQueryable<HostDifference> Lasting(PortalDbContext db) =>
        db.Set<HostDifference>().Where(d => d.SeenAt > d.FoundAt);
}
