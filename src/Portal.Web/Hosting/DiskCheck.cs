using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Portal.Core.Replicas;

namespace Portal.Web.Hosting;

/// <summary>
/// Ready means that there is room to write: on the disk of the data folder, and on that of the database.
/// </summary>
internal sealed class DiskCheck(DataFolder data, IOptions<DiskOptions> options, ReplicaLease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        // A server elsewhere tells it by refusing what the lease writes twice a second.
        if (lease.IsDiskFull) return HealthCheckResult.Unhealthy("The database's disk is full.");
        var least = DiskSpace.Of(data).MinBy(d => d.FreeMiB)!;
        return least.FreeMiB < options.Value.FullMiB
            ? HealthCheckResult.Unhealthy($"The disk of the {least.Name} is full.")
                : least.FreeMiB < options.Value.LowMiB
                    ? HealthCheckResult.Degraded($"The disk of the {least.Name} is nearly full.")
                    : HealthCheckResult.Healthy();
    }
}
