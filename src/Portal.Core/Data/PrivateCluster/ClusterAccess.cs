using Npgsql;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// Connections to a private cluster; makes the portal's role and database when they are not there yet.
/// </summary>
internal sealed class ClusterAccess(string database)
{
    public const string Administrator = "postgres";

    /// <summary>
    /// Owner of the portal's database, and no superuser: SQL that slips through reaches neither files nor programs.
    /// </summary>
    private const string Role = "portal";

    /// <summary>Connects once, so that who gets the connection string knows that it works.</summary>
    public async Task<NpgsqlConnectionStringBuilder> OpenAsync(
        Postmaster server, string password, bool admin, CancellationToken cancellation)
    {
        var administration = Connection(server, password, Administrator, "postgres");
        var portal = Connection(server, password, Role, database);
        try
        {
            await TryAsync(admin ? administration : portal, cancellation);
        }
        catch (PostgresException error) when (!admin
            && error.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateAsync(administration, password, cancellation);
            await TryAsync(portal, cancellation);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw WrongPassword(error);
        }

        return admin ? administration : portal;
    }

    /// <summary>To the portal's database, without asking whether anybody answers.</summary>
    public NpgsqlConnectionStringBuilder Portal(Postmaster server, string password) =>
        Connection(server, password, Role, database);

    /// <summary>Whether nobody else is connected.</summary>
    public static async Task<bool> IsUnusedAsync(Postmaster server, string password, CancellationToken cancellation)
    {
        var to = Connection(server, password, Administrator, "postgres");
        to.Pooling = false;
        await using var connection = new NpgsqlConnection(to.ConnectionString);
        await connection.OpenAsync(cancellation);
        const string sql =
            "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
        await using var count = new NpgsqlCommand(sql, connection);
        return (long)(await count.ExecuteScalarAsync(cancellation))! == 0;
    }

    /// <summary>
    /// Whoever answers must prove that it knows the password, and never gets it: SCRAM, and nothing else that a server
    /// may ask for.
    /// </summary>
    private static NpgsqlConnectionStringBuilder Connection(
        Postmaster server, string password, string role, string database) => new()
    {
        Host = server.SocketFolder ?? "127.0.0.1",
        Port = server.Port,
        RequireAuth = "ScramSHA256",
        Username = role,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        MaxPoolSize = 100,
    };

    /// <summary>A server that has just said "ready" can still be one instant away from taking connections.</summary>
    private static async Task TryAsync(NpgsqlConnectionStringBuilder to, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(to.ConnectionString);
                await connection.OpenAsync(cancellation);
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
            }
        }
    }

    private async Task CreateAsync(
        NpgsqlConnectionStringBuilder administration, string password, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(administration.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw WrongPassword(error);
        }

        // Two processes may get here at once.
        await RunAsync(connection, "select pg_advisory_lock(7270)", cancellation);
        await using (var count = new NpgsqlCommand(
            "select count(*) from pg_roles where rolname = $1", connection) { Parameters = { new() { Value = Role } } })
        {
            var exists = (long)(await count.ExecuteScalarAsync(cancellation))! > 0;
            // The password is our own hexadecimal text: nothing in it needs quoting.
            await RunAsync(
                connection, $"{(exists ? "alter" : "create")} role \"{Role}\" login password '{password}'",
                cancellation);
        }

        await using (var count = new NpgsqlCommand(
            "select count(*) from pg_database where datname = $1",
            connection) { Parameters = { new() { Value = database } } })
        {
            if ((long)(await count.ExecuteScalarAsync(cancellation))! == 0)
            {
                await RunAsync(connection, $"create database \"{database}\" owner \"{Role}\"", cancellation);
            }
        }

        await RunAsync(connection, "select pg_advisory_unlock(7270)", cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static PrivateClusterException WrongPassword(Exception error) =>
        new(
            "the private PostgreSQL refuses the password in its folder: restore the file 'password' from a backup, or start over with ./portal reset",
            error);
}
