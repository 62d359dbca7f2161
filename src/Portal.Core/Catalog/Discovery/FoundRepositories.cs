using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Providers;

namespace Portal.Core.Catalog.Discovery;

/// <summary>What a repository was like when it was looked at.</summary>
/// <param name="Repository">The row of it.</param>
/// <param name="Before">When it was last seen before this look began; null when it was not known.</param>
internal sealed record RepositorySighting(
    string Instance, Guid Repository, DiscoveredRepository Found, DateTimeOffset? Before, DateTimeOffset Now);

/// <summary>The rows of found repositories. Hosts are asked before, never while a row is locked.</summary>
public sealed class FoundRepositories(IDbContextFactory<PortalDbContext> database)
{
    /// <summary>
    /// Writes what was seen. Where another look came in between, nobody knows whose descriptor was taken last: the next
    /// one reads it anew.
    /// </summary>
    internal async Task KeepAsync(
        RepositorySighting seen, Action<FoundRepository> change, CancellationToken cancellation)
    {
        var id = seen.Repository;
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"found {id}"}, 0))",
            cancellation);
        var row = await db.Set<FoundRepository>().SingleOrDefaultAsync(r => r.RepositoryId == id, cancellation);
        var met = row?.SeenAt != seen.Before;
        if (row is null)
        {
            row = new FoundRepository
            {
                Provider = seen.Instance, RepositoryId = id, Repository = seen.Found.Name.ToString(),
                WebUrl = seen.Found.WebUrl,
                DefaultBranch = seen.Found.DefaultBranch, SeenAt = seen.Now,
            };
            db.Add(row);
        }
        change(row);
        row.SeenAt = seen.Now;
        if (met) row.HeadCommit = null;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
