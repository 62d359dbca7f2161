using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>
/// Keeps what hosts say of repositories. One that is looked at names its row: what has another name there has it here
/// too.
/// </summary>
public sealed class SeenRepositories(IDbContextFactory<PortalDbContext> database, TimeProvider time)
{
    /// <summary>Of one that the host was asked for.</summary>
    public Task<RepositoryRow> SeeAsync(string provider, Repository seen, CancellationToken cancellation) => SeeAsync(
        new RepositoryWord(provider, seen.Name.ToString(), seen.HostId, time.Now()),
        new RepositoryFacts(seen.DefaultBranch, seen.HeadCommit, seen.Owner, seen.WebUrl), cancellation);

    /// <summary>Of one that was looked through. Where it could not be read nothing new is known of it.</summary>
    public async Task<RepositoryRow> SeeAsync(
        string provider, DiscoveredRepository seen, CancellationToken cancellation)
    {
        var word = new RepositoryWord(provider, seen.Name.ToString(), seen.HostId, time.Now());
        var facts = new RepositoryFacts(seen.DefaultBranch, seen.HeadCommit, null, seen.WebUrl);
        if (seen.Problem is null) return await SeeAsync(word, facts, cancellation);
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await new RepositoryRows(db).IdentifyAsync(word, cancellation);
    }

    /// <summary>The row of what news is about; made if there is none.</summary>
    public async Task<Guid> IdentifyAsync(
        string provider, RepositoryName name, string? hostId, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var word = new RepositoryWord(provider, name.ToString(), hostId, time.Now());
        return (await new RepositoryRows(db).IdentifyAsync(word, cancellation)).Id;
    }

    /// <summary>It was deleted, by the portal itself.</summary>
    public async Task LoseAsync(string provider, Repository deleted, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var word = new RepositoryWord(provider, deleted.Name.ToString(), deleted.HostId, time.Now());
        await new RepositoryRows(db).LoseAsync(word, cancellation);
    }

    private async Task<RepositoryRow> SeeAsync(
        RepositoryWord word, RepositoryFacts facts, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (await KeepAsync(db, word, facts, cancellation) is { } known) return known;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var (row, before) = await new RepositoryRows(db).NameAsync(word, null, cancellation);
        row.See(facts, word.At);
        await db.SaveChangesAsync(cancellation);
        if (before is not null)
        {
            await db.RecordMoveAsync(time, row, before, RepositoryChangeKind.Renamed, null, cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return row;
    }

    /// <summary>Nearly always only the facts are new, and nobody has to wait for anybody.</summary>
    private static async Task<RepositoryRow?> KeepAsync(
        PortalDbContext db, RepositoryWord word, RepositoryFacts facts, CancellationToken cancellation)
    {
        var living = db.Set<RepositoryRow>().Where(
            r => r.Provider == word.Provider && r.Name == word.Name && r.HostId == word.HostId && r.GoneAt == null);
        if (await living.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } row) return null;
        row.See(facts, word.At);
        var kept = await living.ExecuteUpdateAsync(
            s => s.SetProperty(r => r.DefaultBranch, row.DefaultBranch).SetProperty(r => r.HeadCommit, row.HeadCommit)
                .SetProperty(r => r.Owner, row.Owner).SetProperty(r => r.WebUrl, row.WebUrl)
                .SetProperty(r => r.SeenAt, row.SeenAt).SetProperty(r => r.NamedAt, row.SeenAt), cancellation);
        return kept == 1 ? row : null;
    }
}
