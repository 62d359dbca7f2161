using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Core.Data;

/// <summary>The database is away, restarting or overloaded: nothing is wrong with what was asked of it.</summary>
public static class DatabaseTrouble
{
    public static bool Is(Exception e) => e switch
    {
        // 57P: the server stops, crashed or starts.
        PostgresException postgres => postgres.IsTransient || IsBrokenStatement(postgres)
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        // What it is left with when its connection is torn out of its hands: no fault of who asked.
        NullReferenceException or ObjectDisposedException or IOException when e.Source == nameof(Npgsql) => true,
        InvalidOperationException { InnerException: null } when e.Source == nameof(Npgsql) => true,
        DbUpdateException or InvalidOperationException when e.InnerException is { } inner => Is(inner),
        _ => false,
    };

    /// <summary>
    /// Client and server do not agree any more on what is prepared on a connection: see
    /// <see cref="ForgetBrokenStatements"/>.
    /// </summary>
    internal static bool IsBrokenStatement(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.DuplicatePreparedStatement
            or PostgresErrorCodes.InvalidSqlStatementName };
}
