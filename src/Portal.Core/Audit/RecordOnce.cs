using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Audit;

/// <summary>
/// What is told from outside, in fields: one is recorded once for each state that its topic comes into.
/// </summary>
/// <param name="Topic">Names the thing, with the provider instance that has it:
/// <c>pull-request:github:shop/orders#7</c>.</param>
/// <param name="State">What became of it: <c>merged</c>. Of what happens once only the topic counts, e.g. a push with
/// its commit.</param>
public sealed record ReportedFact(string Topic, string State);

/// <summary>
/// Puts what a provider tells on record, once: it may tell the same again, for a while, and two replicas may hear it at
/// once.
/// </summary>
internal static class RecordOnce
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(3);

    /// <summary>
    /// Saves what the context tracks too, whether the entry is new or not. Only the last record of the topic counts:
    /// what goes back and forth is news each time.
    /// </summary>
    public static async Task RecordOnceAsync(
        this PortalDbContext db, TimeProvider time, AuditEntry entry, ReportedFact fact, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await AppendAsync(db, time, entry, fact, cancellation);
            return;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await AppendAsync(db, time, entry, fact, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task AppendAsync(
        PortalDbContext db, TimeProvider time, AuditEntry entry, ReportedFact fact, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        await db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({fact.Topic}, 7))", cancellation);
        var since = time.Now() - Again;
        var last = await db.Set<AuditEvent>().Where(e => e.Topic == fact.Topic && e.At > since)
            .OrderByDescending(e => e.Number).Select(e => e.State).FirstOrDefaultAsync(cancellation);
        await db.SaveAuditedAsync(time, cancellation, last == fact.State ? [] : [entry with { Fact = fact }]);
    }
}
