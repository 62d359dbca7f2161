using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Web.Hosting;

/// <summary>Ready means that the database answers, soon.</summary>
internal sealed class DatabaseCheck(DatabaseConnections connections, IServiceProvider services) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<SuperviseCluster>() is { IsDown: true })
        {
            return HealthCheckResult.Unhealthy("The private PostgreSQL has ended and is being started again.");
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = new NpgsqlConnection(connections.Pooled);
            await connection.OpenAsync(limit.Token);
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
