using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>
/// What operations leave in the portal's records: the row, its meter, and the record of the change, in one transaction.
/// </summary>
public sealed class OperationRecords(
    IDbContextFactory<PortalDbContext> database, Meter meter, EnvironmentRules rules, TimeProvider time)
{
    internal EnvironmentRules Rules => rules;

    public async Task<PortalEnvironment?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<PortalEnvironment>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellation);
    }

    /// <summary>
    /// Nobody but the run that makes it may change what is being made; null where nothing stands against it.
    /// </summary>
    public async Task<Error?> WhyNotYetAsync(
        PortalEnvironment environment, OperationName operation, Guid run, CancellationToken cancellation)
    {
        if (!environment.IsReserved || environment.RunId == run) return null;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var isBeingMade = await db.Set<Run>().AnyAsync(
            r => r.Id == environment.RunId && UnderWay.Statuses.Contains(r.Status), cancellation);
        if (isBeingMade) return EnvironmentErrors.BeingMade(environment);
        // What was never made has a record to be closed, and nothing else.
        return operation == DestroyOperation.Words ? null : EnvironmentErrors.NotMade(environment);
    }

    /// <summary>The row follows what the host says after the change.</summary>
    public Task<PortalEnvironment> FollowAsync(
        EffectContext context, string id, EnvironmentInfo info, string past, CancellationToken cancellation) =>
        ChangeAsync(
            context, id,
            (_, row) =>
            {
                row.Follow(info);
                return Task.FromResult(AuditWords.Of(row, past));
            },
            cancellation);

    /// <param name="change">
    /// Changes the row and says what is put on record, once for each effect and action: it may be done again.
    /// </param>
    public async Task<PortalEnvironment> ChangeAsync(
        EffectContext context, string id, Func<PortalDbContext, PortalEnvironment, Task<AuditWords>> change,
        CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var row = await db.LockedEnvironmentAsync(id, cancellation)
            ?? throw new ProviderException(EnvironmentErrors.NotFound(id));
        var told = await change(db, row);
        await meter.FollowAsync(db, row, time.Now(), cancellation);
        var entry = new AuditEntry(
            context.Actor, told.Action, $"environment:{id}", told.Summary, EntityRef.Owner(row.Owner));
        await db.RecordOnceAsync(time, entry, new ReportedFact($"effect:{context.Id}", told.Action), cancellation);
        await transaction.CommitAsync(cancellation);
        return row;
    }
}
