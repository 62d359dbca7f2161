using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>
/// One change of people and teams: one after the other on all replicas, all of it or nothing, with its record, and
/// never one that leaves nobody who may administer the portal.
/// </summary>
public sealed class ChangeOrganisation(
    IDbContextFactory<PortalDbContext> database, People people, Authorise authorise, TimeProvider time)
{
    private const long Turn = 7_270_011;

    internal async Task<Result<T>> ExecuteAsync<T>(
        Func<OrganisationRows, Task<Result<T>>> change, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Turn})", cancellation);
        var administered = await Administrators.AnyAsync(db, cancellation);
        var rows = new OrganisationRows(db, time.Now());
        try
        {
            var changed = await change(rows);
            if (!changed.IsOk) return changed;
            await db.SaveAuditedAsync(time, cancellation, rows.Audit);
            if (administered && !await Administrators.AnyAsync(db, cancellation)) return Administrators.Last;
            await transaction.CommitAsync(cancellation);
            return changed;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException
            { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation })
        {
            // Descriptors of repositories are registered without this turn.
            return OrganisationErrors.Meanwhile;
        }
        finally
        {
            people.Forget();
            authorise.Forget();
        }
    }
}
