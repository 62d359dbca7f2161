using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Providers;

namespace Portal.Core.Catalog.Discovery;

/// <summary>What one look at a repository saw.</summary>
/// <param name="Repository">The row of it.</param>
/// <param name="Before">When it was last seen before this look began; null when it was not known.</param>
internal sealed record RepositoryLook(
    string Instance, Guid Repository, DiscoveredRepository Found, DateTimeOffset? Before, DateTimeOffset Now);

/// <summary>The rows of found repositories. Hosts are asked before, never while a row is locked.</summary>
public sealed class FoundRepositories(IDbContextFactory<PortalDbContext> database)
{
    /// <summary>
    /// Writes what was seen. Where another look came in between, nobody knows whose descriptor was taken last: the next
    /// one reads it anew.
    /// </summary>
    internal async Task KeepAsync(RepositoryLook look, Action<FoundRepository> change, CancellationToken cancellation)
    {
        var id = look.Repository;
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"found {id}"}, 0))",
            cancellation);
        var row = await db.Set<FoundRepository>().SingleOrDefaultAsync(r => r.RepositoryId == id, cancellation);
        var met = row?.SeenAt != look.Before;
        if (row is null)
        {
            row = new FoundRepository
            {
                Provider = look.Instance, RepositoryId = id, Repository = look.Found.Name.ToString(),
                WebUrl = look.Found.WebUrl,
                DefaultBranch = look.Found.DefaultBranch, SeenAt = look.Now,
            };
            db.Add(row);
        }
        change(row);
        row.SeenAt = look.Now;
        if (met) row.HeadCommit = null;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
