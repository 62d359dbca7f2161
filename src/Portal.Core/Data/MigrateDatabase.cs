using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Portal.Core.Data;

/// <summary>
/// Brings a database to the shape that this build needs. Replicas may start at once: one of them migrates, the others
/// wait. When nothing is pending, which is nearly always, it costs one query and loads no model. Nor is one loaded for
/// a new database, which gets all migrations as one script.
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
            if (await IsNewAsync(connection, cancellation)) await CreateAsync(connection, cancellation);
            else await MigrateAsync(connection, cancellation);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>
    /// The migrations as EF Core writes them down for a database without any; a test holds that they agree.
    /// </summary>
    internal static string CreateScript()
    {
        using var stream = Assembly.Load(DataSetup.MigrationsAssembly).GetManifestResourceStream("create.sql")
            ?? throw new InvalidOperationException($"{DataSetup.MigrationsAssembly} carries no create.sql");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The database is made whole or not at all.</summary>
    private static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, CreateScript(), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>On the connection that holds the lock; a large table may take long to change.</summary>
    private static async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase(connection);
        await using var db = new PortalDbContext(options.Options);
        db.Database.SetCommandTimeout(0);
        await db.Database.MigrateAsync(cancellation);
    }

    private static async Task<bool> IsNewAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select to_regclass('{DataSetup.MigrationsTable}') is null", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>
    /// Whether every migration of this build is applied. A database that is newer than this build counts as current.
    /// </summary>
    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Names of code, in the text itself: for a list as a parameter, the first of all, much would be compiled.
        var ids = Ids();
        var names = string.Join(", ", ids.Select(id => $"'{id}'"));
        try
        {
            await using var command = new NpgsqlCommand(
                $"""
                select count(*) = {ids.Length} and to_regclass('quartz.qrtz_job_details') is not null
                from {DataSetup.MigrationsTable} where "MigrationId" in ({names})
                """,
                connection);
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    /// <summary>Ids of this build's migrations.</summary>
    public static string[] Ids() => Assembly.Load(DataSetup.MigrationsAssembly).GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Migration)))
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
