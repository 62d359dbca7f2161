using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Inbound;
using Portal.Core.Providers;

namespace Portal.Core.Catalog.Repositories;

/// <summary>A push is put on record, and a descriptor that it may have changed is read again.</summary>
internal sealed class PushEvents(
    IDbContextFactory<PortalDbContext> database, SeenRepositories repositories, WakeDiscovery discovery,
    TimeProvider time) : ProviderEventHandler
{
    public override async Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation)
    {
        var id = await repositories.IdentifyAsync(instance, push.Repository, push.HostId, cancellation);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var repository = push.Repository.ToString();
        var about = await db.AboutAsync(id, instance, repository, cancellation);
        var what = push.After is null
            ? $"Deleted branch {push.Branch} of {repository}"
            : $"Pushed {Reported.Short(push.After)} to {push.Branch} of {repository}";
        var fact = new ReportedFact($"push:{id}:{push.Branch}:{push.Before}..{push.After}", "pushed");
        await db.RecordOnceAsync(time,
            new AuditEntry(Reported.Who(push.By), "repository.pushed", about.Subject, what, about.Owner), fact,
            cancellation);
        if (await WakeDiscovery.ConcernsAsync(db, id, push, cancellation))
        {
            await discovery.WakeAsync(instance, push.Repository, cancellation);
        }
    }
}
