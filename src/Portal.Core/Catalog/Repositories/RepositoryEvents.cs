using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>A repository that gets another name takes along all that the portal knows of it; one that is gone leaves its entities, marked.</summary>
internal sealed class RepositoryEvents(IDbContextFactory<PortalDbContext> database, WakeDiscovery discovery, KnownRepositories repositories, TimeProvider time) : ProviderEventHandler
{
    public override async Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation)
    {
        await repositories.ForgetAsync(instance, change.Repository.ToString(), cancellation);
        if (change.Before is { } old) await repositories.ForgetAsync(instance, old.ToString(), cancellation);
        switch (change.Kind)
        {
            case RepositoryChangeKind.Renamed or RepositoryChangeKind.Transferred when change.Before is { } before:
                await MoveAsync(instance, change, before, cancellation);
                break;
            case RepositoryChangeKind.Deleted:
                await MarkAsync(instance, change, gone: true, cancellation);
                return;
            case RepositoryChangeKind.Created:
                await MarkAsync(instance, change, gone: false, cancellation);
                break;
            default:
                await TellAsync(instance, change, cancellation);
                break;
        }
        await discovery.WakeAsync(instance, change.Repository, cancellation);
    }

    private async Task MoveAsync(string instance, RepositoryChange change, RepositoryName before, CancellationToken cancellation)
    {
        var (from, to) = (before.ToString(), change.Repository.ToString());
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        foreach (var entity in await db.Set<CatalogEntity>().Where(e => e.Provider == instance && e.Repository == from).ToListAsync(cancellation))
        {
            entity.Repository = to;
            entity.Location = Moved(entity.Location, from, to);
        }
        await MoveFoundAsync(db, instance, from, to, cancellation);
        await db.SaveChangesAsync(cancellation);
        var (subject, owner) = await db.AboutAsync(instance, to, cancellation);
        var (word, action) = change.Kind == RepositoryChangeKind.Renamed ? ("Renamed", "repository.renamed") : ("Transferred", "repository.transferred");
        var entry = new AuditEntry(Reported.Who(change.By), action, subject, $"{word} repository {from} to {to}", owner);
        // There and back again is news each time, so both ways are one topic.
        var names = string.CompareOrdinal(from, to) < 0 ? $"{from}|{to}" : $"{to}|{from}";
        await db.RecordOnceAsync(time, entry, new ReportedFact($"repository-name:{instance}:{names}", to), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Discovery may have seen the new name already.</summary>
    private static async Task MoveFoundAsync(PortalDbContext db, string instance, string from, string to, CancellationToken cancellation)
    {
        var found = db.Set<FoundRepository>();
        if (await found.AnyAsync(r => r.Provider == instance && r.Repository == to, cancellation))
        {
            await found.Where(r => r.Provider == instance && r.Repository == from).ExecuteDeleteAsync(cancellation);
            // It was looked at under a name that the catalog did not know yet.
            await found.Where(r => r.Provider == instance && r.Repository == to).ExecuteUpdateAsync(s => s.SetProperty(r => r.HeadCommit, (string?)null), cancellation);
            return;
        }
        await found.Where(r => r.Provider == instance && r.Repository == from).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Repository, to).SetProperty(r => r.WebUrl, r => r.WebUrl.Replace("/" + from, "/" + to)), cancellation);
    }

    private async Task MarkAsync(string instance, RepositoryChange change, bool gone, CancellationToken cancellation)
    {
        var repository = change.Repository.ToString();
        await using var db = await database.CreateDbContextAsync(cancellation);
        var (subject, owner) = await db.AboutAsync(instance, repository, cancellation);
        foreach (var entity in await db.Set<CatalogEntity>().Where(e => e.Provider == instance && e.Repository == repository).ToListAsync(cancellation))
            entity.MarkRepositoryGone(gone ? time.Now() : null);
        if (gone) db.RemoveRange(await db.Set<FoundRepository>().Where(r => r.Provider == instance && r.Repository == repository).ToListAsync(cancellation));
        var (word, action) = gone ? ("Deleted", "repository.deleted") : ("Created", "repository.seen");
        var entry = new AuditEntry(Reported.Who(change.By), action, subject, $"{word} repository {repository} at {instance}", owner);
        await db.RecordOnceAsync(time, entry, new ReportedFact($"repository:{instance}:{repository}", gone ? "deleted" : "there"), cancellation);
    }

    private async Task TellAsync(string instance, RepositoryChange change, CancellationToken cancellation)
    {
        var repository = change.Repository.ToString();
        var (word, action) = change.Kind == RepositoryChangeKind.Archived ? ("Archived", "repository.archived") : ("Unarchived", "repository.unarchived");
        await using var db = await database.CreateDbContextAsync(cancellation);
        var (subject, owner) = await db.AboutAsync(instance, repository, cancellation);
        var entry = new AuditEntry(Reported.Who(change.By), action, subject, $"{word} repository {repository} at {instance}", owner);
        await db.RecordOnceAsync(time, entry, new ReportedFact($"repository-archive:{instance}:{repository}", word.ToLowerInvariant()), cancellation);
    }

    /// <summary>The address of a descriptor with the other name in it: <c>…/shop/orders/catalog-info.yaml</c>, <c>…/shop/orders.git/catalog-info.yaml</c>.</summary>
    internal static string Moved(string location, string from, string to)
    {
        foreach (var end in new[] { "/", ".git/" })
        {
            if (location.IndexOf($"/{from}{end}", StringComparison.OrdinalIgnoreCase) is var at and >= 0)
                return $"{location[..(at + 1)]}{to}{location[(at + 1 + from.Length)..]}";
        }
        return location;
    }
}
