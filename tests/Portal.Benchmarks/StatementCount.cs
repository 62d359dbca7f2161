using Npgsql;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Benchmarks;

/// <summary>
/// A private PostgreSQL that counts the statements of each connection (pg_stat_statements), for portals that are told
/// to use it.
/// </summary>
internal sealed class StatementCount : IAsyncDisposable
{
    private readonly PrivatePostgres server;
    private readonly NpgsqlDataSource counts;

    private StatementCount(PrivatePostgres server, string connectionString, NpgsqlDataSource counts) =>
        (this.server, ConnectionString, this.counts) = (server, connectionString, counts);

    /// <summary>For portals.</summary>
    public string ConnectionString { get; }

    public static async Task<StatementCount> StartAsync(string folder, CancellationToken cancellation)
    {
        var server = new PrivatePostgres(new PrivatePostgresOptions { Folder = folder });
        await using (var first =
            NpgsqlDataSource.Create(await server.EnsureRunningForAdministrationAsync(cancellation)))
        {
            await ExecuteAsync(first, "alter system set shared_preload_libraries = 'pg_stat_statements'", cancellation);
        }
        await server.StopAsync(cancellation);
        NpgsqlConnection.ClearAllPools();
        var text = await server.EnsureRunningAsync(cancellation);
        var admin = new NpgsqlConnectionStringBuilder(await server.EnsureRunningForAdministrationAsync(
            cancellation)) { Database = new NpgsqlConnectionStringBuilder(text).Database };
        var counts = NpgsqlDataSource.Create(admin.ConnectionString);
        await ExecuteAsync(counts, "create extension if not exists pg_stat_statements", cancellation);
        return new StatementCount(server, text, counts);
    }

    /// <summary>From here on.</summary>
    public Task ResetAsync(CancellationToken cancellation) =>
        ExecuteAsync(counts, "select pg_stat_statements_reset()", cancellation);

    /// <summary>
    /// Statements of the portals' connections since the last reset; begin, commit and the like are no statements of
    /// theirs.
    /// </summary>
    /// <param name="scheduler">Those of the scheduler, else all others.</param>
    public async Task<long> ReadAsync(bool scheduler, CancellationToken cancellation)
    {
        await using var command = counts.CreateCommand("""
            select coalesce(sum(s.calls), 0)::bigint from pg_stat_statements s join pg_roles r on r.oid = s.userid
            where r.rolname <> current_user and s.query !~* '^(begin|commit|rollback|set|discard)' and (s.query ilike '%qrtz_%') = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = scheduler });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The most frequent of them: where the number comes from.</summary>
    public async Task<IReadOnlyList<string>> MostAsync(int count, CancellationToken cancellation)
    {
        await using var command = counts.CreateCommand("""
            select s.calls || ' × ' || round(s.mean_exec_time::numeric, 3) || ' ms  ' || left(regexp_replace(s.query, '\s+', ' ', 'g'), 150)
            from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname <> current_user order by s.calls desc limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var lines = new List<string>();
        while (await reader.ReadAsync(cancellation)) lines.Add(reader.GetString(0));
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await counts.DisposeAsync();
        await server.StopAsync();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
