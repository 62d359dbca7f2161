using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Core.Tests.Data;

/// <summary>A private cluster of one test, stopped and removed afterwards.</summary>
internal sealed class ClusterFolder(bool durable = false, string within = "") : IAsyncDisposable
{
    // Directory.CreateTempSubdirectory would close it to the user postgres.
    private readonly string root =
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"portal-cluster-{Guid.NewGuid():n}")).FullName;

    public string Folder => Path.Combine(root, within, "postgres");

    public string Data => Path.Combine(Folder, "data");

    public PrivatePostgresOptions Options => new() { Folder = Folder, Durable = durable };

    public PrivatePostgres Cluster() => new(Options);

    /// <summary>Stops it and starts it as earlier builds did: on 127.0.0.1, without a socket.</summary>
    public async Task StartOnTcpAsync()
    {
        await Cluster().StopAsync();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        free.Stop();
        var (exitCode, output) = await ClusterOwner.RunAsync(
            PostgresBinaries.Find(Options.Installations, Cluster().MadeBy).PgCtl,

            [
                "-D", Data, "-l", Path.Combine(Folder, "log"), "-s", "-w", "-o",
                $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''", "start"
            ],
            CancellationToken.None);
        Assert.True(exitCode == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster().StopAsync();
        Cluster().RemoveOutside();
        Directory.Delete(root, recursive: true);
    }
}
