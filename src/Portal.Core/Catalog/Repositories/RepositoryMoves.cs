using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>
/// Puts on record that a repository has another name: once, whether its host told of it or it was seen there.
/// </summary>
internal static class RepositoryMoves
{
    public static async Task RecordMoveAsync(
        this PortalDbContext db, TimeProvider time, RepositoryRow row, string from, RepositoryChangeKind kind,
        string? by, CancellationToken cancellation)
    {
        var (word, action) = kind == RepositoryChangeKind.Transferred
            ? ("Transferred", "repository.transferred")
            : ("Renamed", "repository.renamed");
        var about = await db.AboutAsync(row.Id, row.Provider, row.Name, cancellation);
        var entry = new AuditEntry(Reported.Who(by), action, about.Subject, $"{word} repository {from} to {row.Name}",
            about.Owner);
        await db.RecordOnceAsync(time, entry, new ReportedFact($"repository-name:{row.Id}", row.Name), cancellation);
    }
}
