using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Core.Tests.Data;

public sealed class SuperviseClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Supervise_ServerIsKilledAgainAndAgainUnderTwo_RunsAgainAtTheSameAddressWithItsData()
    {
        await using var folder = new ClusterFolder(durable: true);
        var address = await folder.Cluster().EnsureRunningAsync(Cancellation);
        await RunAsync(address, "create table kept (round int)");
        using var one = Supervisor(folder);
        using var other = Supervisor(folder);
        await one.StartAsync(Cancellation);
        await other.StartAsync(Cancellation);

        for (var round = 0; round < 2; round++)
        {
            await RunAsync(address, $"insert into kept values ({round})");
            await KillAsync(folder);
            while (folder.Cluster().FindRunning() is null) await Task.Delay(20, Cancellation);
        }

        Assert.Equal(2L, await RunAsync(address, "select count(*) from kept"));
        await one.StopAsync(Cancellation);
        await other.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Supervise_ServerThatCannotStart_SaysThatItIsDown()
    {
        await using var folder = new ClusterFolder(durable: true);
        await folder.Cluster().EnsureRunningAsync(Cancellation);
        using var supervisor = new SuperviseCluster(
            new PrivatePostgres(folder.Options with { Installations = "/nonexistent" }), TimeProvider.System,
            NullLogger<SuperviseCluster>.Instance);
        await supervisor.StartAsync(Cancellation);
        Assert.False(supervisor.IsDown);

        await KillAsync(folder);
        while (!supervisor.IsDown) await Task.Delay(20, Cancellation);

        await supervisor.StopAsync(Cancellation);
    }

    private static SuperviseCluster Supervisor(ClusterFolder folder) =>
        new(folder.Cluster(), TimeProvider.System, NullLogger<SuperviseCluster>.Instance);

    private static async Task KillAsync(ClusterFolder folder)
    {
        using var process = Process.GetProcessById(int.Parse(
            File.ReadLines(Path.Combine(folder.Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture));
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
