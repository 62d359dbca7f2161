using System.Reflection;
using Npgsql;
using Portal.Core.Data;

namespace Portal.TestKit.Postgres;

/// <summary>The shared test server, seen by one test process.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder administration;
    private readonly NpgsqlDataSource source;
    private readonly Lazy<Task<string>> template;

    private TestServer(string connectionString)
    {
        administration = new NpgsqlConnectionStringBuilder(connectionString);
        source = NpgsqlDataSource.Create(connectionString);
        template = new Lazy<Task<string>>(BuildTemplateAsync);
    }

    public static async Task<TestServer> StartAsync()
    {
        var server = new TestServer(await PostgresFixture.Cluster.EnsureRunningForAdministrationAsync());
        await server.DropLeftoversAsync();
        return server;
    }

    /// <summary>Name of the database that holds this build's migrations.</summary>
    public Task<string> TemplateAsync() => template.Value;

    public async Task<TestDatabase> CloneAsync(string from, string name, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        // Copying files is what older versions do anyway; it is twice as quick where nothing waits for the disk.
        var strategy = connection.PostgreSqlVersion.Major >= 15 ? "strategy file_copy" : "";
        await ExecuteAsync(connection, $"create database \"{name}\" template \"{from}\" {strategy}");
        return new TestDatabase(ConnectionString(name), () => DropAsync(name));
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(administration.ConnectionString)
        {
            Database = database,
            // Many databases, few connections each; none is kept when its test is over.
            MaxPoolSize = 20,
            IncludeErrorDetail = true,
        }.ConnectionString;

    private async Task DropAsync(string name)
    {
        await using (var connection = new NpgsqlConnection(ConnectionString(name)))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await ExecuteAsync(source, $"drop database if exists \"{name}\" with (force)", CancellationToken.None);
    }

    /// <summary>Built once per content of the migrations, by whichever test process comes first.</summary>
    private async Task<string> BuildTemplateAsync()
    {
        var name = $"template_{Assembly.Load(DataSetup.MigrationsAssembly).ManifestModule.ModuleVersionId:n}";
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, "select pg_advisory_lock(727002)");
        try
        {
            await using var exists = new NpgsqlCommand(
                "select count(*) from pg_database where datname = $1",
                connection) { Parameters = { new() { Value = name } } };
            if ((long)(await exists.ExecuteScalarAsync())! == 0) await MakeTemplateAsync(connection, name);
        }
        finally
        {
            await ExecuteAsync(connection, "select pg_advisory_unlock(727002)");
        }

        return name;
    }

    /// <summary>Under another name until it is whole: a test process may be killed at any moment.</summary>
    private async Task MakeTemplateAsync(NpgsqlConnection connection, string name)
    {
        var unfinished = name + "_new";
        await ExecuteAsync(connection, $"drop database if exists \"{unfinished}\" with (force)");
        await ExecuteAsync(connection, $"create database \"{unfinished}\"");
        var direct = new NpgsqlConnectionStringBuilder(ConnectionString(unfinished)) { Pooling = false };
        await new MigrateDatabase().RunAsync(direct.ConnectionString, CancellationToken.None);
        await ExecuteAsync(connection, $"alter database \"{unfinished}\" rename to \"{name}\"");
    }

    private async Task DropLeftoversAsync()
    {
        var names = new List<string>();
        await using (var command =
            source.CreateCommand("select datname from pg_database where datname ~ '^test_[0-9]+_'"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        }

        foreach (var name in names.Where(name => !Directory.Exists($"/proc/{name.Split('_')[1]}")))
        {
            await ExecuteAsync(source, $"drop database if exists \"{name}\" with (force)", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
