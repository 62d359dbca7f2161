using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>The row of a repository follows its host; what is of the repository goes with the row.</summary>
internal sealed class RepositoryEvents(
    IDbContextFactory<PortalDbContext> database, SeenRepositories repositories, WakeDiscovery discovery,
    TimeProvider time) : ProviderEventHandler
{
    public override async Task RepositoryChangedAsync(
        string instance, RepositoryChange change, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await FollowAsync(db, instance, change, cancellation);
        await transaction.CommitAsync(cancellation);
        // Events may be late, or come in another order: what is there now its host says.
        if (change.Kind != RepositoryChangeKind.Deleted)
        {
            await discovery.WakeAsync(instance, change.Repository, cancellation);
        }
    }

    public override Task RepositorySeenAsync(
        string instance, Repository repository, bool isThere, CancellationToken cancellation) => isThere
        ? repositories.SeeAsync(instance, repository, cancellation)
        : repositories.LoseAsync(instance, repository, cancellation);

    private Task FollowAsync(
        PortalDbContext db, string instance, RepositoryChange change, CancellationToken cancellation)
    {
        var word = new RepositoryWord(instance, change.Repository.ToString(), change.HostId, change.At ?? time.Now());
        return change.Kind switch
        {
            RepositoryChangeKind.Renamed or RepositoryChangeKind.Transferred =>
                MoveAsync(db, word, change, cancellation),
            RepositoryChangeKind.Deleted => LoseAsync(db, word, change, cancellation),
            RepositoryChangeKind.Created => MakeAsync(db, word, change, cancellation),
            RepositoryChangeKind.Archived => TellAsync(db, word, change, "archived", cancellation),
            _ => TellAsync(db, word, change, "unarchived", cancellation),
        };
    }

    private async Task MoveAsync(
        PortalDbContext db, RepositoryWord word, RepositoryChange change, CancellationToken cancellation)
    {
        var (row, before) = await new RepositoryRows(db).NameAsync(word, change.Before?.ToString(), cancellation);
        row.Doubt();
        await db.SaveChangesAsync(cancellation);
        // Seen there already it was put on record then; a rename that has been followed by another is no news any more.
        if (before is not null) await db.RecordMoveAsync(time, row, before, change.Kind, change.By, cancellation);
    }

    private async Task LoseAsync(
        PortalDbContext db, RepositoryWord word, RepositoryChange change, CancellationToken cancellation)
    {
        var row = await new RepositoryRows(db).LoseAsync(word, cancellation);
        var about = await db.AboutAsync(row?.Id, word.Provider, word.Name, cancellation);
        await RecordAsync(db, change, "repository.deleted", about, $"Deleted repository {word.Name} at {word.Provider}",
            new ReportedFact(Topic(word, row), "deleted"), cancellation);
    }

    private async Task MakeAsync(
        PortalDbContext db, RepositoryWord word, RepositoryChange change, CancellationToken cancellation)
    {
        var row = await new RepositoryRows(db).MakeAsync(word, cancellation);
        var about = await db.AboutAsync(row.Id, word.Provider, word.Name, cancellation);
        await RecordAsync(db, change, "repository.seen", about, $"Created repository {word.Name} at {word.Provider}",
            new ReportedFact(Topic(word, row), "there"), cancellation);
    }

    private async Task TellAsync(
        PortalDbContext db, RepositoryWord word, RepositoryChange change, string state, CancellationToken cancellation)
    {
        var row = await new RepositoryRows(db).IdentifyAsync(word, cancellation);
        var about = await db.AboutAsync(row.Id, word.Provider, word.Name, cancellation);
        var what = $"{char.ToUpperInvariant(state[0])}{state[1..]} repository {word.Name} at {word.Provider}";
        await RecordAsync(db, change, $"repository.{state}", about, what,
            new ReportedFact($"repository-archive:{row.Id}", state), cancellation);
    }

    private static string Topic(RepositoryWord word, RepositoryRow? row) =>
        $"repository:{row?.Id.ToString() ?? $"{word.Provider}:{word.Name}"}";

    private Task RecordAsync(
        PortalDbContext db, RepositoryChange change, string action, RepositorySubject about, string what,
        ReportedFact fact, CancellationToken cancellation) =>
        db.RecordOnceAsync(time, new AuditEntry(Reported.Who(change.By), action, about.Subject, what, about.Owner),
            fact, cancellation);
}
