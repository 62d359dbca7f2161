using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Portal.Core.Data;

/// <summary>
/// Hears what is told on a channel of PostgreSQL's, again as soon as the database is back. What was told meanwhile is
/// lost.
/// </summary>
public abstract class DatabaseListener(DatabaseConnections connections, string channel) : BackgroundService
{
    /// <summary>Whether this process hears what others tell.</summary>
    public bool IsListening { get; private set; }

    protected abstract void Hear(string payload);

    /// <summary>From now on it hears.</summary>
    protected virtual void Begin()
    {
    }

    /// <param name="wasListening">False when it had not begun: the database does not answer yet, or still not.</param>
    protected abstract void Lose(Exception failure, bool wasListening);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                var wasListening = IsListening;
                IsListening = false;
                Lose(e, wasListening);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        // Noticed within seconds when the server is gone without a word.
        var text =
            new NpgsqlConnectionStringBuilder(connections.Direct) { KeepAlive = 10, Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync(stopping);
        connection.Notification += (_, n) => Hear(n.Payload);
        await using (var listen = new NpgsqlCommand(
            $"listen {channel}", connection)) await listen.ExecuteNonQueryAsync(stopping);
        IsListening = true;
        Begin();
        while (true) await connection.WaitAsync(stopping);
    }
}
