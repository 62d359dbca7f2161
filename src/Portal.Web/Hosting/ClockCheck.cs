using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Core.Data.Clocks;

namespace Portal.Web.Hosting;

/// <summary>
/// A wrong clock makes a portal no less able to serve, but what is due waits until somebody has looked.
/// </summary>
internal sealed class ClockCheck(DestructionGuard guard) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        guard.Last is { Problem: { } problem, Settles: false }
            ? HealthCheckResult.Degraded($"Nothing is destroyed by time. {problem}")
            : HealthCheckResult.Healthy());
}
