using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;

namespace Portal.Core.Catalog.Repositories;

/// <summary>What somebody says of a repository at a provider.</summary>
/// <param name="HostId">Null where the host has none, or did not say it.</param>
/// <param name="At">When the host said so, or when what it tells happened.</param>
internal sealed record RepositoryWord(string Provider, string Name, string? HostId, DateTimeOffset At);

/// <summary>
/// Which row a repository is, and what it is called: rows are made, named and lost here alone, one change of a
/// provider's names after the other. The host's id decides where it is known, and the name only where it is not.
/// </summary>
internal sealed class RepositoryRows(PortalDbContext db)
{
    /// <summary>
    /// Of a push or a pipeline run: such news may be late, so no row is renamed for it. Who has an id that nobody knows
    /// under a name that another has is a row of its own, and the host is asked which of both is there.
    /// </summary>
    public async Task<RepositoryRow> IdentifyAsync(RepositoryWord word, CancellationToken cancellation)
    {
        if (await KnownAsync(word, cancellation) is { } known) return known;
        await using var turn = await TurnAsync(word.Provider, cancellation);
        if (await WithIdAsync(word, cancellation) is { } meanwhile) return meanwhile;
        var row = await NamedAsync(word, cancellation);
        if (row is not null && word.HostId is null) return row;
        if (row is null || !row.IsCalled(word.Name)) row = Add(word);
        else if (row.HostId is null) row.Identify(word.HostId);
        else
        {
            row.Doubt();
            row = Add(word);
            row.LoseName(word.At);
        }
        await db.SaveChangesAsync(cancellation);
        await turn.CommitAsync(cancellation);
        return row;
    }

    /// <summary>
    /// The host calls it so: whoever else had the name has lost it. What was known under another name goes along.
    /// </summary>
    /// <returns>
    /// What it was called before; null when nothing is different, or when later word has come already.
    /// </returns>
    public async Task<(RepositoryRow Row, string? Before)> NameAsync(
        RepositoryWord word, string? formerName, CancellationToken cancellation)
    {
        await using var turn = await TurnAsync(word.Provider, cancellation);
        var row = await WithIdAsync(word, cancellation)
            ?? (formerName is null ? null : Same(word, await LivingAsync(word, formerName, cancellation)))
            ?? Same(word, await LivingAsync(word, word.Name, cancellation));
        if (row is not null && row.KnowsBetterThan(word.At)) return (row, null);
        var other = await LivingAsync(word, word.Name, cancellation);
        if (other == row) other = null;
        // It had the name then, and has lost it since to whom that is known to have it.
        var lostSince = other is not null && other.KnowsBetterThan(word.At) ? other.NamedAt : (DateTimeOffset?)null;
        if (other is not null && lostSince is null)
        {
            other.LoseName(word.At);
            await ForgetAsync(other, cancellation);
        }
        var isAlias = other is not null && lostSince is null && row is not null && IsAlias(other, row, word);
        var before = row is null ? formerName : row.Name == word.Name ? null : row.Name;
        row = await CallAsync(row ?? Add(word), word, lostSince, cancellation);
        if (isAlias) await TakeOverAsync(row, other!, cancellation);
        // Its descriptor is to be read under the name that it has now.
        if (before is not null) await ReadAgainAsync(row, cancellation);
        await turn.CommitAsync(cancellation);
        return (row, before);
    }

    private async Task<RepositoryRow> CallAsync(
        RepositoryRow row, RepositoryWord word, DateTimeOffset? lostSince, CancellationToken cancellation)
    {
        var wasGone = row.GoneAt is not null;
        row.Identify(word.HostId);
        row.Call(word.Name, word.At);
        if (lostSince is { } at) row.LoseName(at);
        await db.SaveChangesAsync(cancellation);
        if (lostSince is not null) await ForgetAsync(row, cancellation);
        else if (wasGone) await MarkAsync(row, null, cancellation);
        return row;
    }

    /// <summary>Somebody has made it just now: what was known under its name before then is another.</summary>
    public async Task<RepositoryRow> MakeAsync(RepositoryWord word, CancellationToken cancellation)
    {
        await using var turn = await TurnAsync(word.Provider, cancellation);
        var row = await WithIdAsync(word, cancellation);
        var other = await LivingAsync(word, word.Name, cancellation);
        if (row is null && other is not null
            && (word.HostId is null || (other.HostId is null && other.FirstSeenAt >= word.At))) row = other;
        if (row is null && other is not null)
        {
            if (other.KnowsBetterThan(word.At)) return other;
            other.LoseName(word.At);
            await ForgetAsync(other, cancellation);
        }
        row ??= Add(word);
        row.Identify(word.HostId);
        await db.SaveChangesAsync(cancellation);
        await turn.CommitAsync(cancellation);
        return row;
    }

    /// <summary>It was deleted. Null when no such one is known: then it is another that has its name.</summary>
    public async Task<RepositoryRow?> LoseAsync(RepositoryWord word, CancellationToken cancellation)
    {
        await using var turn = await TurnAsync(word.Provider, cancellation);
        var row = await WithIdAsync(word, cancellation) ?? Same(word, await LivingAsync(word, word.Name, cancellation));
        // Told again.
        if (row is null) return word.HostId is null ? await DeletedAsync(word, cancellation) : null;
        row.Identify(word.HostId);
        row.Delete(word.At);
        await ForgetAsync(row, cancellation);
        await turn.CommitAsync(cancellation);
        return row;
    }

    private Task<RepositoryRow?> DeletedAsync(RepositoryWord word, CancellationToken cancellation) =>
        db.Set<RepositoryRow>().Where(r => r.Provider == word.Provider && r.Name == word.Name && r.IsDeleted)
            .OrderByDescending(r => r.GoneAt).FirstOrDefaultAsync(cancellation);

    /// <summary>
    /// It is not there under its name any more: nothing is discovered in it, and its entries in the catalog say so.
    /// </summary>
    private async Task ForgetAsync(RepositoryRow row, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        await db.Set<FoundRepository>().Where(f => f.RepositoryId == row.Id).ExecuteDeleteAsync(cancellation);
        await MarkAsync(row, row.GoneAt, cancellation);
    }

    /// <summary>
    /// Whether it is only what came by name alone while the portal thought the repository gone, or called otherwise.
    /// What was known before is another's, and is not handed over.
    /// </summary>
    private static bool IsAlias(RepositoryRow other, RepositoryRow row, RepositoryWord word) =>
        other.HostId is null && word.HostId is not null
        && other.FirstSeenAt >= (row.GoneAt is { } gone && row.IsCalled(word.Name) ? gone : word.At);

    private async Task TakeOverAsync(RepositoryRow row, RepositoryRow alias, CancellationToken cancellation)
    {
        // By the database: rooms above this one have such rows too.
        await db.Database.ExecuteSqlAsync($"select merge_repositories({alias.Id}, {row.Id})", cancellation);
        db.Entry(alias).State = EntityState.Detached;
        await MarkAsync(row, null, cancellation);
    }

    private RepositoryRow Add(RepositoryWord word)
    {
        var row = new RepositoryRow { Provider = word.Provider, Name = word.Name, FirstSeenAt = word.At };
        row.Identify(word.HostId);
        db.Add(row);
        return row;
    }

    private async Task MarkAsync(RepositoryRow row, DateTimeOffset? gone, CancellationToken cancellation)
    {
        var entities = await db.Set<CatalogEntity>().Where(e => e.RepositoryId == row.Id).ToListAsync(cancellation);
        foreach (var entity in entities) entity.MarkRepositoryGone(gone);
        await db.SaveChangesAsync(cancellation);
    }

    private Task ReadAgainAsync(RepositoryRow row, CancellationToken cancellation) =>
        db.Set<FoundRepository>().Where(f => f.RepositoryId == row.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(f => f.HeadCommit, (string?)null), cancellation);

    /// <summary>Where nothing has to be written. It is not tracked: what is written is read in its turn.</summary>
    private async Task<RepositoryRow?> KnownAsync(RepositoryWord word, CancellationToken cancellation)
    {
        var rows = db.Set<RepositoryRow>().AsNoTracking();
        if (word.HostId is not null)
        {
            return await rows.SingleOrDefaultAsync(
                r => r.Provider == word.Provider && r.HostId == word.HostId, cancellation);
        }
        var id = await db.RepositoryAsync(word.Provider, word.Name, cancellation);
        return id is null ? null : await rows.SingleOrDefaultAsync(r => r.Id == id, cancellation);
    }

    private static RepositoryRow? Same(RepositoryWord word, RepositoryRow? row) =>
        row is null || (row.HostId is not null && word.HostId is not null && row.HostId != word.HostId) ? null : row;

    private async Task<RepositoryRow?> WithIdAsync(RepositoryWord word, CancellationToken cancellation) =>
        word.HostId is null ? null : await db.Set<RepositoryRow>().SingleOrDefaultAsync(
            r => r.Provider == word.Provider && r.HostId == word.HostId, cancellation);

    private async Task<RepositoryRow?> NamedAsync(RepositoryWord word, CancellationToken cancellation) =>
        await db.RepositoryAsync(word.Provider, word.Name, cancellation) is { } id
            ? await db.Set<RepositoryRow>().SingleAsync(r => r.Id == id, cancellation)
            : null;

    /// <summary>The one that is called so now; not one that was once.</summary>
    private async Task<RepositoryRow?> LivingAsync(RepositoryWord word, string name, CancellationToken cancellation) =>
        await NamedAsync(word with { Name = name }, cancellation) is { } row && row.IsCalled(name) ? row : null;

    /// <summary>
    /// Names may be exchanged, so they change one after the other. Joins a transaction that is open already.
    /// </summary>
    private async Task<Turn> TurnAsync(string provider, CancellationToken cancellation)
    {
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellation) : null;
        await db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({"repositories of " + provider}, 0))", cancellation);
        return new Turn(own);
    }

    private sealed class Turn(Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction? own) : IAsyncDisposable
    {
        public Task CommitAsync(CancellationToken cancellation) => own?.CommitAsync(cancellation) ?? Task.CompletedTask;

        public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
