using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Web.Commands.Doctor;

/// <summary>The server, and whether it holds what this build needs.</summary>
internal static class DatabaseChecks
{
    private const int OldestVersion = 15;
    private const double SlowMilliseconds = 20;
    private static readonly TimeSpan NotificationLimit = TimeSpan.FromSeconds(3);

    public static async Task<NpgsqlConnection> OpenAsync(string text, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(
            text) { Pooling = false, Timeout = 5, CommandTimeout = 10 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        NpgsqlConnection connection, DatabaseConnections connections, CancellationToken cancellation) =>
    [
        await ServerAsync(connection, cancellation),
        await ConnectionsAsync(connection, cancellation),
        await MigrationsAsync(connection, cancellation),
        await SchedulerAsync(connection, cancellation),
        await NotificationsAsync(connections.Direct, cancellation),
    ];

    public static async Task<bool> HasTablesAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.ReadAsync<bool>(
            "select to_regclass('replicas') is not null and to_regclass('data_protection_keys') is not null",
            cancellation);

    private static async Task<Finding> ServerAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await connection.ReadAsync<int>("select 1", cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        var seen = string.Create(
            CultureInfo.InvariantCulture,
            $"PostgreSQL {connection.PostgreSqlVersion} at {Place(connection)}, {times[2]:0.0} ms");
        return connection.PostgreSqlVersion.Major < OldestVersion
            ? Finding.Warn("database", seen, $"use PostgreSQL {OldestVersion} or newer: older ones are not tested")
                : times[2] > SlowMilliseconds ? Finding.Warn(
                    "database", seen,
                    "bring portal and database nearer to each other: every journal entry waits for it")
                : Finding.Ok("database", seen);
    }

    private static string Place(NpgsqlConnection connection) =>
        connection.Host?.StartsWith('/') == true
            ? $"the socket in {connection.Host}"
            : $"{connection.Host}:{connection.Port}";

    private static async Task<Finding> ConnectionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var used = await connection.ReadAsync<long>(
            "select count(*) from pg_stat_activity where backend_type = 'client backend'", cancellation);
        var most = await connection.ReadAsync<int>("select current_setting('max_connections')::int", cancellation);
        var seen = $"{used} of {most} connections in use";
        return used > most * 0.8
            ? Finding.Warn(
                "connections", seen, "raise max_connections, or set 'Maximum Pool Size' in ConnectionStrings:Portal")
            : Finding.Ok("connections", seen);
    }

    private static async Task<Finding> MigrationsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var wanted = MigrateDatabase.Ids();
        var applied = await connection.ReadAsync<bool>(
            $"select to_regclass('{DataSetup.MigrationsTable}') is not null", cancellation)
            ? await connection.ReadAsync<string[]>(
                $"""select coalesce(array_agg("MigrationId"::text), array[]::text[]) from {DataSetup.MigrationsTable}""",
                cancellation)
            : [];
        var missing = wanted.Except(applied, StringComparer.Ordinal).Count();
        var newer = applied.Except(wanted, StringComparer.Ordinal).Count();
        return applied.Length == 0
            ? Finding.Warn("migrations", "the database is empty", "start the portal, which makes the tables")
                : missing > 0 ? Finding.Warn(
                    "migrations", $"{missing} of this build's {wanted.Length} are not applied",
                    "start a portal of this build, which applies them")
                : newer > 0 ? Finding.Ok(
                    "migrations",
                    $"all {wanted.Length} applied, and {newer} of a newer build: during an upgrade that is as it should be")
                : Finding.Ok("migrations", $"all {wanted.Length} applied");
    }

    private static async Task<Finding> SchedulerAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.ReadAsync<bool>(
            $"select to_regclass('{QuartzSchema.TablePrefix}triggers') is not null", cancellation)
            ? Finding.Ok("scheduler", "its tables are there")
            : Finding.Warn("scheduler", "its tables are missing", "start the portal, which makes them");

    /// <summary>Pages follow runs by LISTEN, which a pooler in transaction mode swallows.</summary>
    private static async Task<Finding> NotificationsAsync(string direct, CancellationToken cancellation)
    {
        const string name = "notifications";
        await using var listener = await OpenAsync(direct, cancellation);
        await using var sender = await OpenAsync(direct, cancellation);
        var channel = $"portal_doctor_{Guid.NewGuid():N}";
        await listener.ExecuteAsync($"listen {channel}", cancellation);
        await sender.ExecuteAsync($"notify {channel}", cancellation);
        return await listener.WaitAsync(NotificationLimit, cancellation)
            ? Finding.Ok(name, "LISTEN and NOTIFY work")
            : Finding.Fail(
                name, "a NOTIFY did not arrive: a pooler stands between",
                "set ConnectionStrings:PortalDirect to the server itself");
    }
}
