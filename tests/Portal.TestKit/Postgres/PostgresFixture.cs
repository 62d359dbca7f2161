using Npgsql;
using Portal.Core.Data.PrivateCluster;

namespace Portal.TestKit.Postgres;

/// <summary>
/// Gives tests databases on a private server that all test processes of this user share. Share one fixture per test
/// assembly: <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>. It starts nothing until the first database is
/// asked for.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    /// <summary>
    /// Where the server lives, when not in the user's own folder under the temporary folder. <c>./portal test</c> sets
    /// it.
    /// </summary>
    public const string FolderVariable = "PORTAL_TEST_POSTGRES";

    private readonly Lazy<Task<TestServer>> server = new(TestServer.StartAsync);
    /// <summary>Of the process: an assembly may have more than one fixture.</summary>
    private static int count;

    /// <summary>The folder of the shared test server.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
            ? folder
            : Path.Combine(Path.GetTempPath(), $"portal-test-postgres-{Environment.UserName}");

    internal static PrivatePostgres Cluster { get; } =
        new(new PrivatePostgresOptions { Folder = Folder, Durable = false });

    /// <summary>A database of the test's own with all migrations applied and no rows; dropped when disposed.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellation = default)
    {
        var started = await server.Value.WaitAsync(cancellation);
        return await started.CloneAsync(await started.TemplateAsync(), Name(), cancellation);
    }

    /// <summary>A database of the test's own with nothing in it; dropped when disposed.</summary>
    public async Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellation = default)
    {
        var started = await server.Value.WaitAsync(cancellation);
        return await started.CloneAsync("template0", Name(), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }
    }

    /// <summary>
    /// The process id is part of the name: what a killed test process left behind can be told and dropped.
    /// </summary>
    private string Name() => $"test_{Environment.ProcessId}_{Interlocked.Increment(ref count)}";
}
