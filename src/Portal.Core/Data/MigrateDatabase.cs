using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Portal.Core.Data;

/// <summary>
/// Brings a database to the shape that this build needs. Replicas may start at once: one of them migrates, the others
/// wait. When nothing is pending, which is nearly always, it costs one query and loads no model.
/// </summary>
public sealed class MigrateDatabase
{
    /// <summary>The advisory lock; any number that nothing else of ours uses.</summary>
    private const long Lock = 727_001;

    /// <param name="connectionString">
    /// A direct connection to the server: the lock lives in a session, which a pooler in transaction mode does not
    /// keep.
    /// </param>
    /// <param name="cancellation">Ends the wait for another replica.</param>
    public async Task RunAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        if (await IsCurrentAsync(connection, cancellation)) return;

        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancellation);
        try
        {
            if (await IsCurrentAsync(connection, cancellation)) return;

            await ExecuteAsync(connection, QuartzSchema.Script(), cancellation);
            // On the connection that holds the lock; a large table may take long to change.
            var options = new DbContextOptionsBuilder<PortalDbContext>();
            options.UsePortalDatabase(connection);
            await using var db = new PortalDbContext(options.Options);
            db.Database.SetCommandTimeout(0);
            await db.Database.MigrateAsync(cancellation);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>
    /// Whether every migration of this build is applied. A database that is newer than this build counts as current.
    /// </summary>
    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                $"""
                select count(*) = cardinality($1) and to_regclass('quartz.qrtz_job_details') is not null
                from {DataSetup.MigrationsTable} where "MigrationId" = any ($1)
                """,
                connection)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = Ids() } },
            };
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    /// <summary>Ids of this build's migrations.</summary>
    public static string[] Ids() => Assembly.Load(DataSetup.MigrationsAssembly).GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
        .OfType<string>()
        .ToArray();

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // Another replica may hold the lock for long; the caller's cancellation is the limit.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
