using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Governance.Audit;
using Portal.Core.Providers;

namespace Portal.Core.Following;

/// <summary>A push is put on record, and a descriptor that it may have changed is read again.</summary>
public sealed class FollowPushes(IDbContextFactory<PortalDbContext> database, WakeDiscovery discovery, TimeProvider time)
{
    public async Task FollowAsync(string instance, RepositoryPush push, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var repository = push.Repository.ToString();
        var (subject, owner) = await db.AboutAsync(instance, repository, cancellation);
        var what = push.After is null ? $"Deleted branch {push.Branch} of {repository}" : $"Pushed {ToldOnce.Short(push.After)} to {push.Branch} of {repository}";
        await db.RecordAsync(time, new AuditEntry(ToldOnce.Who(push.By), "repository.pushed", subject, what, owner), cancellation);
        if (await WakeDiscovery.ConcernsAsync(db, instance, push, cancellation)) await discovery.WakeAsync(instance, push.Repository, cancellation);
    }
}
