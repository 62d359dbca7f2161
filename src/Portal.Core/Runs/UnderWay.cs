using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// One run of a subject at a time: the database refuses the second, whoever starts, retries or undoes it.
/// </summary>
internal static class UnderWay
{
    public static readonly RunStatus[] Statuses =
        [RunStatus.Queued, RunStatus.Running, RunStatus.Waiting, RunStatus.Undoing];

    public static bool Is(DbUpdateException e) => e.InnerException is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: RunMapping.OneOfASubject,
    };

    /// <summary>The conflict, with the address of the run that is in the way.</summary>
    public static async Task<Error> ErrorAsync(
        IDbContextFactory<PortalDbContext> database, string subject, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var run = await db.Set<Run>().AsNoTracking()
            .FirstOrDefaultAsync(r => r.Subject == subject && Statuses.Contains(r.Status), cancellation);
        return RunErrors.UnderWay(run);
    }
}
