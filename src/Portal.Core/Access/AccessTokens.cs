using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>A token that is good for now.</summary>
public sealed record KnownToken(Guid Id, EntityRef Person, DateTimeOffset EndsAt);

/// <summary>Tokens of people: made, listed and taken away by themselves, or by who administers the portal.</summary>
[SuppressMessage("Performance", "CA1862", Justification = "Queries are translated to SQL, which knows no other way.")]
public sealed class AccessTokens
{
    public const int MostPerPerson = 100;
    private const int LongestName = 100;

    /// <summary>How long a token that ended may be taken for good where no word of its end arrives.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Last uses are written so often at most, per token: a script that asks all day costs few writes.
    /// </summary>
    private static readonly TimeSpan UseWritten = TimeSpan.FromMinutes(5);

    private readonly IDbContextFactory<PortalDbContext> database;
    private readonly Authorise authorise;
    private readonly TokenOptions options;
    private readonly TimeProvider time;

    /// <summary>By hash. Only tokens that exist are here, so that guessing fills nothing.</summary>
    private readonly ConcurrentDictionary<string, (KnownToken Token, DateTimeOffset At)> known =
        new(StringComparer.Ordinal);

    public AccessTokens(
        IDbContextFactory<PortalDbContext> database, Authorise authorise, IOptions<TokenOptions> options,
        AccessNews news, TimeProvider time)
    {
        (this.database, this.authorise, this.options, this.time) = (database, authorise, options.Value, time);
        news.Ended += (what, hash) =>
        {
            if (what == AccessNews.TokenEnded) known.TryRemove(hash, out _);
        };
    }

    /// <summary>A new one for who asks. The text is shown once and not kept.</summary>
    /// <param name="days">Null = the usual time.</param>
    /// <param name="through">The token that the request came with: what it makes does not outlive it.</param>
    public async Task<Result<(AccessToken Row, string Text)>> CreateAsync(
        Actor actor, string? name, int? days, Guid? through, CancellationToken cancellation)
    {
        if (actor.IsNobody) return Authorise.NotSignedIn;
        if (!Checked(name, days).TryGet(out var asked, out var wrong)) return wrong;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var now = time.Now();
        var end = now + TimeSpan.FromDays(asked.Days);
        if (through is { } id)
        {
            var parent = await db.Set<AccessToken>().Where(t => t.Id == id).Select(t => (DateTimeOffset?)t.EndsAt)
                .SingleOrDefaultAsync(cancellation);
            if (parent is null) return Error.Forbidden("token-ended", "The token that asks has ended.");
            if (parent < end) end = parent.Value;
        }
        var key = actor.Ref.Key;
        if (await db.Set<AccessToken>().CountAsync(
            t => t.Person.ToLower() == key && t.EndsAt > now, cancellation) >= MostPerPerson)
        {
            return Error.Conflict(
                "tokens-too-many", $"You have {MostPerPerson} tokens. Revoke those that nobody uses.");
        }
        var entity = await db.Set<CatalogEntity>().Where(e => e.Key == key).Select(e => (Guid?)e.Id)
            .SingleOrDefaultAsync(cancellation);
        if (entity is null) return Error.Forbidden("person-gone", $"{actor.Ref} is not in the catalog any more.");
        var (row, text) = AccessToken.Create(actor.Ref, entity, asked.Name, now, end);
        db.Add(row);
        await db.SaveAuditedAsync(time, cancellation, new AuditEntry(
            actor, "token.issued", actor.Ref.ToString(), $"Issued a token{Called(row)} until {end:yyyy-MM-dd}"));
        return (row, text);
    }

    /// <summary>Those that have not ended, newest first.</summary>
    public async Task<Result<IReadOnlyList<AccessToken>>> ListAsync(
        EntityRef person, Actor actor, CancellationToken cancellation)
    {
        if (await MayAsync(person, actor, cancellation) is { } refused) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var (now, key) = (time.Now(), person.Key);
        return await db.Set<AccessToken>().AsNoTracking().Where(t => t.Person.ToLower() == key && t.EndsAt > now)
            .OrderByDescending(t => t.CreatedAt).ThenBy(t => t.Id).ToListAsync(cancellation);
    }

    public async Task<Result<Done>> RevokeAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var unknown = Error.NotFound("token-not-found", $"There is no token {id} of yours.");
        if (await db.Set<AccessToken>().SingleOrDefaultAsync(t => t.Id == id, cancellation) is not { } row)
        {
            return unknown;
        }
        // Whose tokens there are is nobody else's business.
        if (await MayAsync(EntityRef.Parse(row.Person), actor, cancellation) is not null) return unknown;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Remove(row);
        await db.SaveAuditedAsync(
            time, cancellation,
            new AuditEntry(actor, "token.revoked", row.Person, $"Revoked a token{Called(row)} of {row.Person}"));
        await AccessNews.TellAsync(db, AccessNews.TokenEnded, row.Hash, cancellation);
        await transaction.CommitAsync(cancellation);
        known.TryRemove(row.Hash, out _);
        return Done.Instance;
    }

    /// <summary>Null when it is not known, has ended, or acts for somebody who is gone.</summary>
    public async Task<KnownToken?> FindAsync(string text, CancellationToken cancellation)
    {
        var (hash, now) = (AccessToken.HashOf(text), time.Now());
        if (known.TryGetValue(hash, out var hit) && now - hit.At < Freshness && hit.Token.EndsAt > now)
        {
            return hit.Token;
        }
        known.TryRemove(hash, out _);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<AccessToken>().AsNoTracking().SingleOrDefaultAsync(
            t => t.Hash == hash && t.EndsAt > now && db.Set<CatalogEntity>()
                .Any(e => e.Key == t.Person.ToLower() && (t.PersonId == null || t.PersonId == e.Id)), cancellation);
        if (row is null) return null;
        if (row.LastUsedAt is null || row.LastUsedAt < now - UseWritten)
        {
            await db.Set<AccessToken>().Where(t => t.Id == row.Id).ExecuteUpdateAsync(
                t => t.SetProperty(r => r.LastUsedAt, now), cancellation);
        }
        var token = new KnownToken(row.Id, EntityRef.Parse(row.Person), row.EndsAt);
        known[hash] = (token, now);
        return token;
    }

    /// <summary>The name and the days, or what is wrong with them.</summary>
    internal Result<TokenWish> Checked(string? name, int? days)
    {
        if (days is { } asked && (asked < 1 || asked > options.MaximumDays))
        {
            return Error.Invalid("days-invalid", $"A token lives 1 to {options.MaximumDays} days.");
        }
        var called = name?.Trim() ?? "";
        return called.Length > LongestName || called.Any(char.IsControl)
            ? Error.Invalid("name-invalid", $"The name of a token has at most {LongestName} characters, in one line.")
            : new TokenWish(called, days ?? Math.Min(options.DefaultDays, options.MaximumDays));
    }

    private static string Called(AccessToken row) => row.Name.Length == 0 ? "" : $" '{row.Name}'";

    private async Task<Error?> MayAsync(EntityRef person, Actor actor, CancellationToken cancellation) =>
        person == actor.Ref && !actor.IsNobody ? null
            : (await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error;
}

internal sealed record TokenWish(string Name, int Days);
