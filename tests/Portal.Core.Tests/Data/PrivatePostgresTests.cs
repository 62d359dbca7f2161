using System.Diagnostics;
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
        Assert.Equal(
            false, await ScalarAsync(connectionString, "select rolsuper from pg_roles where rolname = current_user"));
        Assert.Equal("", await ScalarAsync(connectionString, "select current_setting('listen_addresses')"));
        var socket = new NpgsqlConnectionStringBuilder(connectionString).Host!;
        Assert.StartsWith(folder.Folder, socket, StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socket));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder.Folder, "password")));
        var wrong = new NpgsqlConnectionStringBuilder(connectionString) { Password = "guess" };
        var refused =
            await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(wrong.ConnectionString, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task EnsureRunning_ManyAtOnce_MakeOneClusterOfItsOwnSession()
    {
        await using var folder = new ClusterFolder();

        var strings = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => folder.Cluster().EnsureRunningAsync(Cancellation))));

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
    public async Task EnsureRunning_ServerWasKilled_StartsAgainWithItsDataAndAddress()
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
        // The socket has a lock file of its own.
        await File.WriteAllLinesAsync(
            Path.Combine(lines[4], $".s.PGSQL.{lines[3]}.lock"), [stranger.Id.ToString(), .. lines[1..]], Cancellation);

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

    [Theory]
    [InlineData(
        "a-folder-whose-path-is-longer-than-the-kernel-lets-the-path-of-a-socket-be-a-folder-whose-path-is-longer-than-that")]
    [InlineData("it's $HOME, a folder")]
    public async Task EnsureRunning_PathThatNoSocketCanHave_TakesAShortOneThatStays(string name)
    {
        await using var folder = new ClusterFolder(within: name);
        var first = await folder.Cluster().EnsureRunningAsync(Cancellation);
        var socket = new NpgsqlConnectionStringBuilder(first).Host!;
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socket));
        await KillAsync(Pid(folder));

        Assert.Equal(first, await folder.Cluster().EnsureRunningAsync(Cancellation));
        await folder.Cluster().StopAsync(Cancellation);
        Assert.False(socket.StartsWith(folder.Folder, StringComparison.Ordinal));
        // Somebody cleaned up: a portal that runs looks for it where it was.
        Directory.Delete(socket, recursive: true);
        Assert.Equal(first, await folder.Cluster().EnsureRunningAsync(Cancellation));
        await folder.Cluster().StopAsync(Cancellation);
        folder.Cluster().RemoveOutside();
        Assert.False(Directory.Exists(socket));
    }

    [Fact]
    public async Task EnsureRunning_SocketWasTakenAway_StartsAgain()
    {
        await using var folder = new ClusterFolder();
        var connectionString = await folder.Cluster().EnsureRunningAsync(Cancellation);
        Directory.Delete(new NpgsqlConnectionStringBuilder(connectionString).Host!, recursive: true);
        Assert.False(folder.Cluster().IsRunning);

        Assert.Equal(1, await ScalarAsync(await folder.Cluster().EnsureRunningAsync(Cancellation), "select 1"));
    }

    [Fact]
    public async Task Connect_ImpostorInTheServersPlace_IsNotSentThePassword()
    {
        await using var folder = new ClusterFolder();
        var connectionString = await folder.Cluster().EnsureRunningAsync(Cancellation);
        await folder.Cluster().StopAsync(Cancellation);
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        Directory.CreateDirectory(to.Host!);
        using var impostor = new Impostor(Path.Combine(to.Host!, $".s.PGSQL.{to.Port}"));

        await Assert.ThrowsAnyAsync<Exception>(() => ScalarAsync(connectionString, "select 1"));

        Assert.DoesNotContain(to.Password!, await impostor.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureRunning_ServerOfAnEarlierBuildOnTcp_MovesItWithItsDataWhenNobodyUsesIt()
    {
        await using var folder = new ClusterFolder(durable: true);
        await ScalarAsync(
            await folder.Cluster().EnsureRunningAsync(Cancellation), "create table kept as select 42 as answer");
        await folder.StartOnTcpAsync();
        var used = new NpgsqlConnectionStringBuilder(folder.Cluster().FindRunning()) { Pooling = false };
        await using (var portal = new NpgsqlConnection(used.ConnectionString))
        {
            await portal.OpenAsync(Cancellation);
            Assert.Equal(
                "127.0.0.1",
                new NpgsqlConnectionStringBuilder(await folder.Cluster().EnsureRunningAsync(Cancellation)).Host);
            NpgsqlConnection.ClearAllPools();
        }

        var moved = await EventuallyAsync(
            () => folder.Cluster().EnsureRunningAsync(Cancellation),
            text => new NpgsqlConnectionStringBuilder(text).Host!.StartsWith('/'));

        Assert.Equal(42, await ScalarAsync(moved, "select answer from kept"));
        Assert.Equal("", await ScalarAsync(moved, "select current_setting('listen_addresses')"));
    }

    [Fact]
    public async Task EnsureRunning_ServerWasKilledAndAChildOfItHangs_EndsTheChildAndStarts()
    {
        await using var folder = new ClusterFolder(durable: true);
        await folder.Cluster().EnsureRunningAsync(Cancellation);
        var postmaster = Pid(folder);
        var child = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .First(pid => int.TryParse(pid, out _) && File.Exists($"/proc/{pid}/stat")
                && File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[1] == postmaster.ToString());
        using (var stop = Process.Start("/bin/kill", ["-STOP", child!])) await stop.WaitForExitAsync(Cancellation);
        await KillAsync(postmaster);

        Assert.Equal(1, await ScalarAsync(await folder.Cluster().EnsureRunningAsync(Cancellation), "select 1"));
    }

    [Fact]
    public async Task EnsureRunning_DataWithoutItsVersion_SaysThatItIsNotWhole()
    {
        await using var folder = new ClusterFolder();
        Directory.CreateDirectory(Path.Combine(folder.Data, "base"));

        var error =
            await Assert.ThrowsAsync<PrivateClusterException>(() => folder.Cluster().EnsureRunningAsync(Cancellation));

        Assert.Contains("is no whole database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureRunning_NothingInstalled_SaysWhatToInstall()
    {
        await using var folder = new ClusterFolder();

        var error = await Assert.ThrowsAsync<PrivateClusterException>(() => new PrivatePostgres(
            folder.Options with { Installations = "/nonexistent" }).EnsureRunningAsync(Cancellation));

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

        var error =
            await Assert.ThrowsAsync<PrivateClusterException>(() => folder.Cluster().EnsureRunningAsync(Cancellation));

        Assert.Matches(
            "made by PostgreSQL 9, and installed is [0-9, ]+: run 'apt-get install postgresql-9'", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task EnsureRunning_FolderThatOthersCannotReach_NamesTheClosedFolder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root runs the server as another user");
        await using var folder = new ClusterFolder();
        var closed = Directory.CreateTempSubdirectory("portal-closed-").FullName;

        var error = await Assert.ThrowsAsync<PrivateClusterException>(
            () => new PrivatePostgres(folder.Options with { Folder = Path.Combine(
                closed, "data", "postgres") }).EnsureRunningAsync(Cancellation));

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

        var error =
            await Assert.ThrowsAsync<PrivateClusterException>(() => folder.Cluster().EnsureRunningAsync(Cancellation));

        Assert.Contains("refuses the password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", error.ToString(), StringComparison.Ordinal);
    }

    private static int Pid(ClusterFolder folder) =>
        int.Parse(File.ReadLines(Path.Combine(folder.Data, "postmaster.pid")).First());

    private static async Task<string> EventuallyAsync(Func<Task<string>> ask, Predicate<string> holds)
    {
        while (true)
        {
            var answer = await ask();
            if (holds(answer)) return answer;
            NpgsqlConnection.ClearAllPools();
            await Task.Delay(20, Cancellation);
        }
    }

    private static async Task KillAsync(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
