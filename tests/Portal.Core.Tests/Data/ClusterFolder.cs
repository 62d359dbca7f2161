using Portal.Core.Data.PrivateCluster;

namespace Portal.Core.Tests.Data;

/// <summary>A private cluster of one test, stopped and removed afterwards.</summary>
internal sealed class ClusterFolder(bool durable = false) : IAsyncDisposable
{
    // Directory.CreateTempSubdirectory would close it to the user postgres.
    private readonly string root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"portal-cluster-{Guid.NewGuid():n}")).FullName;

    public string Folder => Path.Combine(root, "postgres");

    public string Data => Path.Combine(Folder, "data");

    public PrivatePostgresOptions Options => new() { Folder = Folder, Durable = durable };

    public PrivatePostgres Cluster() => new(Options);

    public async ValueTask DisposeAsync()
    {
        await Cluster().StopAsync();
        Directory.Delete(root, recursive: true);
    }
}
