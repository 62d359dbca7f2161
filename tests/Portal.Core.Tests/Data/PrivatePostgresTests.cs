using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Core.Tests.Data;

public sealed class PrivatePostgresTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnsureRunning_EmptyFolder_MakesAClusterThatOnlyItsPasswordOpens()
    {
        await using var folder = new ClusterFolder();

        var connectionString = await folder.Cluster().EnsureRunningAsync(Cancellation);

        Assert.Equal("portal", await ScalarAsync(connectionString, "select current_database()"));
        Assert.Equal(false, await ScalarAsync(connectionString, "select rolsuper from pg_roles where rolname = current_user"));
        Assert.Equal("127.0.0.1", await ScalarAsync(connectionString, "select current_setting('listen_addresses')"));
        var administration = await folder.Cluster().EnsureRunningForAdministrationAsync(Cancellation);
        Assert.Equal("", await ScalarAsync(administration, "select current_setting('unix_socket_directories')"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Folder, "password")));
        var wrong = new NpgsqlConnectionStringBuilder(connectionString) { Password = "guess" };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(wrong.ConnectionString, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task EnsureRunning_ManyAtOnce_MakeOneClusterOfItsOwnSession()
    {
        await using var folder = new ClusterFolder();

        var strings = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => folder.Cluster().EnsureRunningAsync(Cancellation))));

        Assert.Single(strings.Distinct());
        var pid = Pid(folder);
        // Field 6 of stat, after the name in parentheses, is the session.
        var stat = (await File.ReadAllTextAsync($"/proc/{pid}/stat", Cancellation)).Split(") ")[1].Split(' ');
        Assert.Equal(pid, int.Parse(stat[3]));
    }

    [Fact]
    public async Task EnsureRunning_AlreadyRunning_AdoptsItAtOnce()
    {
        await using var folder = new ClusterFolder();
        var first = await folder.Cluster().EnsureRunningAsync(Cancellation);
        var pid = Pid(folder);
        NpgsqlConnection.ClearAllPools();

        var watch = Stopwatch.StartNew();
        var second = await folder.Cluster().EnsureRunningAsync(Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine($"adopted in {watch.Elapsed.TotalMilliseconds:0.0} ms");

        Assert.Equal(first, second);
        Assert.Equal(pid, Pid(folder));
    }

    [Fact]
    public async Task EnsureRunning_ServerWasKilled_StartsAgainWithItsDataAndPort()
    {
        await using var folder = new ClusterFolder(durable: true);
        var first = await folder.Cluster().EnsureRunningAsync(Cancellation);
        await ScalarAsync(first, "create table kept as select 42 as answer");
        await KillAsync(Pid(folder));
        Assert.True(File.Exists(Path.Combine(folder.Data, "postmaster.pid")));

        var watch = Stopwatch.StartNew();
        var second = await folder.Cluster().EnsureRunningAsync(Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine($"recovered in {watch.Elapsed.TotalMilliseconds:0.0} ms");

        Assert.Equal(first, second);
        Assert.Equal(42, await ScalarAsync(second, "select answer from kept"));
    }

    [Fact]
    public async Task EnsureRunning_PidFileNamesAnotherProgram_StartsAnyway()
    {
        await using var folder = new ClusterFolder();
        await folder.Cluster().EnsureRunningAsync(Cancellation);
        var pidFile = Path.Combine(folder.Data, "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(pidFile, Cancellation);
        await folder.Cluster().StopAsync(Cancellation);
        using var stranger = Process.Start("sleep", "60");
        await File.WriteAllLinesAsync(pidFile, [stranger.Id.ToString(), .. lines[1..]], Cancellation);

        try
        {
            var connectionString = await folder.Cluster().EnsureRunningAsync(Cancellation);

            Assert.Equal(1, await ScalarAsync(connectionString, "select 1"));
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task EnsureRunning_KilledWhileItWasMade_MakesItAgain()
    {
        await using var folder = new ClusterFolder();
        Directory.CreateDirectory(Path.Combine(folder.Folder, "data.new", "base"));
        await File.WriteAllTextAsync(Path.Combine(folder.Folder, "data.new", "PG_VERSION"), "15\n", Cancellation);

        var connectionString = await folder.Cluster().EnsureRunningAsync(Cancellation);

        Assert.Equal(1, await ScalarAsync(connectionString, "select 1"));
    }

    [Fact]
    public async Task EnsureRunning_RememberedPortIsTaken_TakesAnother()
    {
        await using var folder = new ClusterFolder();
        var first = new NpgsqlConnectionStringBuilder(await folder.Cluster().EnsureRunningAsync(Cancellation));
        await folder.Cluster().StopAsync(Cancellation);
        using var squatter = new TcpListener(IPAddress.Loopback, first.Port);
        squatter.Start();

        var second = new NpgsqlConnectionStringBuilder(await folder.Cluster().EnsureRunningAsync(Cancellation));

        Assert.NotEqual(first.Port, second.Port);
    }

    [Fact]
    public async Task EnsureRunning_GivenPortIsTaken_SaysSo()
    {
        await using var folder = new ClusterFolder();
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<PrivateClusterException>(() => new PrivatePostgres(folder.Options with { Port = port }).EnsureRunningAsync(Cancellation));

        Assert.Contains($"port {port} on 127.0.0.1 is in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureRunning_NothingInstalled_SaysWhatToInstall()
    {
        await using var folder = new ClusterFolder();

        var error = await Assert.ThrowsAsync<PrivateClusterException>(() => new PrivatePostgres(folder.Options with { Installations = "/nonexistent" }).EnsureRunningAsync(Cancellation));

        Assert.Equal(
            "PostgreSQL is not installed (nothing in /nonexistent): run 'apt-get install postgresql', or set ConnectionStrings:Portal to a server of yours",
            error.Message);
    }

    [Fact]
    public async Task EnsureRunning_MadeByAnotherVersion_NamesBoth()
    {
        await using var folder = new ClusterFolder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "PG_VERSION"), "9\n", Cancellation);

        var error = await Assert.ThrowsAsync<PrivateClusterException>(() => folder.Cluster().EnsureRunningAsync(Cancellation));

        Assert.Matches("made by PostgreSQL 9, and installed is [0-9, ]+: run 'apt-get install postgresql-9'", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task EnsureRunning_FolderThatOthersCannotReach_NamesTheClosedFolder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root runs the server as another user");
        await using var folder = new ClusterFolder();
        var closed = Directory.CreateTempSubdirectory("portal-closed-").FullName;

        var error = await Assert.ThrowsAsync<PrivateClusterException>(
            () => new PrivatePostgres(folder.Options with { Folder = Path.Combine(closed, "data", "postgres") }).EnsureRunningAsync(Cancellation));

        Directory.Delete(closed, recursive: true);
        Assert.Contains($"because {closed} is closed to others", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureRunning_PasswordFileIsGone_SaysWhichAndGivesNothingAway()
    {
        await using var folder = new ClusterFolder();
        await folder.Cluster().EnsureRunningAsync(Cancellation);
        var file = Path.Combine(folder.Folder, "password");
        await File.WriteAllTextAsync(file, "0123456789abcdef", Cancellation);

        var error = await Assert.ThrowsAsync<PrivateClusterException>(() => folder.Cluster().EnsureRunningAsync(Cancellation));

        Assert.Contains("refuses the password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", error.ToString(), StringComparison.Ordinal);
    }

    private static int Pid(ClusterFolder folder) => int.Parse(File.ReadLines(Path.Combine(folder.Data, "postmaster.pid")).First());

    private static async Task KillAsync(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
