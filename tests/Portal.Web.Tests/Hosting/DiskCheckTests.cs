using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Replicas;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Hosting;

public sealed class DiskCheckTests : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("portal-disk-").FullName;
    private readonly ReplicaLease lease = new(
        new DatabaseConnections("Host=127.0.0.1;Port=1", "Host=127.0.0.1;Port=1"), Options.Create(new ReplicaOptions()),
        TimeProvider.System, NullLogger<ReplicaLease>.Instance);

    public void Dispose()
    {
        lease.Dispose();
        Directory.Delete(path, recursive: true);
    }

    [Theory]
    [InlineData(0, 0, HealthStatus.Healthy)]
    [InlineData(0, 1_048_576, HealthStatus.Degraded)]
    [InlineData(1_048_576, 0, HealthStatus.Unhealthy)]
    public async Task Check_FreeSpaceBelowTheLimits_SaysSo(int full, int low, HealthStatus status)
    {
        // No disk of a machine that runs tests has a tebibyte free.
        var check = new DiskCheck(
            new DataFolder(path), Options.Create(new DiskOptions { FullMiB = full, LowMiB = low }), lease);

        Assert.Equal(
            status,
            (await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
    }
}
