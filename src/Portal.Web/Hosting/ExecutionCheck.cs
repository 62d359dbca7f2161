using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;

namespace Portal.Web.Hosting;

/// <summary>
/// Ready means too that this replica executes runs: it holds its lease, hears what others write, and its scheduler
/// works.
/// </summary>
internal sealed class ExecutionCheck(ReplicaLease lease, RunListener notifications, SchedulerPulse pulse) : IHealthCheck
{
    internal static readonly TimeSpan TooLong = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!lease.IsValid) return HealthCheckResult.Unhealthy("The lease of this replica is not renewed.");
        if (!notifications.IsListening) return HealthCheckResult.Unhealthy("Nothing is heard of what others write.");
        try
        {
            return await pulse.SilenceAsync(cancellationToken) > TooLong
                ? HealthCheckResult.Unhealthy("The scheduler does nothing.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}

/// <summary>
/// Alive means that nothing in this process has died that only a new process would bring back: the thread that renews
/// the lease, the scheduler. A database that is away is no reason to be started again.
/// </summary>
internal sealed class LivenessCheck(ReplicaLease lease, SchedulerPulse pulse) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lease.SinceLastTry > ExecutionCheck.TooLong)
        {
            return HealthCheckResult.Unhealthy("Nothing tries to renew the lease of this replica.");
        }
        try
        {
            return lease.IsValid && await pulse.SilenceAsync(cancellationToken) > 3 * ExecutionCheck.TooLong
                ? HealthCheckResult.Unhealthy("The scheduler does nothing.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Healthy("The database does not answer.");
        }
    }
}
