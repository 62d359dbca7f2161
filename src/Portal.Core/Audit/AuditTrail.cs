using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Audit;

/// <param name="Action">Past tense, e.g. <c>environment.created</c>.</param>
/// <param name="Summary">One plain sentence without a secret: "Created environment dev of orders".</param>
public sealed record AuditEntry(Actor Actor, string Action, string Subject, string Summary, EntityRef? Owner = null)
{
    /// <summary>What it says in fields, of what is told from outside; see <see cref="RecordOnce"/>.</summary>
    public ReportedFact? Fact { get; init; }
}

/// <summary>Saves changes and the record of them in one transaction.</summary>
public static class AuditTrail
{
    /// <summary>The hash before the first event.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    private const long ChainLock = 7_270_002;

    /// <summary>
    /// Saves what the context tracks and the entries; joins a transaction that is open already, else makes one.
    /// </summary>
    public static async Task SaveAuditedAsync(
        this PortalDbContext db, TimeProvider time, CancellationToken cancellation,
        params IReadOnlyList<AuditEntry> entries)
    {
        // Whoever comes here without having asked for a right has a mistake in it, and nothing is saved.
        if (entries.Any(e => e.Actor.IsNobody))
        {
            throw new InvalidOperationException("Nobody is signed in, and nobody changes anything.");
        }
        if (db.Database.CurrentTransaction is not null)
        {
            await SaveAndAppendAsync(db, time, entries, cancellation);
            return;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await SaveAndAppendAsync(db, time, entries, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task SaveAndAppendAsync(
        PortalDbContext db, TimeProvider time, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        if (entries.Count == 0) return;
        // The chain has one end, so its lock is taken last and held for two short statements.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({ChainLock})", cancellation);
        var before = await db.Set<AuditEvent>().OrderByDescending(e => e.Number).Select(e => e.Hash)
            .FirstOrDefaultAsync(cancellation) ?? Genesis;
        foreach (var entry in entries)
        {
            var row = Chain(entry, Shared.Times.Now(time), before);
            before = row.Hash;
            db.Add(row);
        }
        await db.SaveChangesAsync(cancellation);
    }

    private static AuditEvent Chain(AuditEntry entry, DateTimeOffset at, string before)
    {
        var canonical = JsonSerializer.Serialize(new
        {
            at = at.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
            actor = entry.Actor.Ref.ToString(),
            action = entry.Action,
            subject = entry.Subject,
            owner = entry.Owner?.ToString(),
            summary = entry.Summary,
            before,
        });
        return new AuditEvent
        {
            At = at,
            Actor = entry.Actor.Ref.ToString(),
            Action = entry.Action,
            Subject = entry.Subject,
            Owner = entry.Owner?.Key,
            Summary = entry.Summary,
            Canonical = canonical,
            Topic = entry.Fact?.Topic,
            State = entry.Fact?.State,
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))),
        };
    }
}
