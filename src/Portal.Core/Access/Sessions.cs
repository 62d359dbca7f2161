using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>Who is signed in, on whichever replica: a row per session, and what is not a row is over.</summary>
public sealed class Sessions(
    IDbContextFactory<PortalDbContext> database, IOptions<SignInOptions> options, TimeProvider time)
{
    /// <summary>Sessions of a person at once; the oldest end for a new one.</summary>
    public const int MostPerPerson = 50;

    public static string IdOf(string key) => AccessToken.HashOf(key);

    /// <exception cref="InvalidOperationException">The person has no entity.</exception>
    public async Task CreateAsync(string key, EntityRef person, byte[] ticket, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        var entity = await db.Set<CatalogEntity>().Where(e => e.Key == person.Key).Select(e => (Guid?)e.Id)
            .SingleOrDefaultAsync(cancellation)
            ?? throw new InvalidOperationException($"{person} is not in the catalog.");
        db.Add(new Session
        {
            Id = IdOf(key), Person = person.Key, PersonId = entity, Ticket = ticket, CreatedAt = now,
            ExpiresAt = Sooner(now + options.Value.Idle, now + options.Value.Maximum),
            EndsAt = now + options.Value.Maximum,
        });
        await db.SaveChangesAsync(cancellation);
        await db.Set<Session>().Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        await db.Set<Session>().Where(s => s.Person == person.Key).OrderByDescending(s => s.CreatedAt)
            .Skip(MostPerPerson).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Null when it is over, or when its person is gone.</summary>
    public async Task<Session?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await Living(db).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation);
    }

    /// <summary>Those of them that are not over.</summary>
    public async Task<IReadOnlyList<string>> LivingAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await Living(db).Where(s => ids.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancellation);
    }

    /// <summary>Their time without use begins anew. One that is over stays over.</summary>
    /// <param name="ticket">Takes the place of the one that is kept; null keeps it.</param>
    public async Task UsedAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation, byte[]? ticket = null)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var later = time.Now() + options.Value.Idle;
        foreach (var session in await Living(db).Where(s => ids.Contains(s.Id)).ToListAsync(cancellation))
        {
            session.ExpiresAt = Sooner(later, session.EndsAt);
            session.Ticket = ticket ?? session.Ticket;
        }
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            // One has ended meanwhile.
        }
    }

    /// <summary>Every replica hears of it.</summary>
    public async Task EndAsync(string id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Set<Session>().Where(s => s.Id == id).ExecuteDeleteAsync(cancellation);
        await AccessNews.TellAsync(db, AccessNews.SessionEnded, id, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private IQueryable<Session> Living(PortalDbContext db)
    {
        var now = time.Now();
        return db.Set<Session>()
            .Where(s => s.ExpiresAt > now && s.EndsAt > now && db.Set<CatalogEntity>().Any(e => e.Id == s.PersonId));
    }

    private static DateTimeOffset Sooner(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
