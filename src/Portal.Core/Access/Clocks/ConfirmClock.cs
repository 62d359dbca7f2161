using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Shared;

namespace Portal.Core.Access.Clocks;

/// <summary>
/// Whether the clocks can be trusted, for who administers the portal; and their word that the time is right.
/// </summary>
public sealed class ConfirmClock(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, DestructionGuard guard, TimeProvider time)
{
    public async Task<Result<ClockJudgement>> ReadAsync(Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        return guard.Last ?? (await guard.PeekAsync(cancellation)).Judgement;
    }

    /// <summary>
    /// From now on the database's time counts as right, also where it jumped. A difference between both clocks has to
    /// be mended.
    /// </summary>
    public async Task<Result<Done>> ConfirmAsync(Actor actor, CancellationToken cancellation)
    {
        if (!(await ReadAsync(actor, cancellation)).TryGet(out var judged, out var refused)) return refused;
        if (judged.Problem is null) return Done.Instance;
        if (!judged.CanConfirm) return Error.Conflict("clocks-differ", judged.Problem);
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await DestructionGuard.BelieveAsync(db, cancellation);
        await db.SaveAuditedAsync(time, cancellation, new AuditEntry(
            actor, "clock.confirmed", "portal:clock", $"Confirmed the time. Before: {judged.Problem}", null));
        await transaction.CommitAsync(cancellation);
        await guard.LookAsync(cancellation);
        return Done.Instance;
    }
}
