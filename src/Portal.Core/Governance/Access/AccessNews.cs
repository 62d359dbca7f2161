using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Governance.Access;

/// <summary>
/// Carries "this session, this token has ended" to every replica, by PostgreSQL's NOTIFY. The rows are the truth: who hears nothing
/// looks at them now and then, and is only later.
/// </summary>
public sealed class AccessNews(DatabaseConnections connections, ILogger<AccessNews> log) : BackgroundService
{
    public const string SessionEnded = "session";
    public const string TokenEnded = "token";
    private const string Channel = "portal_access";

    /// <summary>What ended, <see cref="SessionEnded"/> or <see cref="TokenEnded"/>, and its hash.</summary>
    public event Action<string, string>? Ended;

    /// <summary>Whether news are heard the moment they are told.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Part of the caller's transaction: others hear of it when it commits.</summary>
    internal static Task TellAsync(PortalDbContext db, string what, string hash, CancellationToken cancellation)
    {
        var payload = $"{what}:{hash}";
        return db.Database.ExecuteSqlAsync($"select pg_notify({Channel}, {payload})", cancellation);
    }

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
                if (IsListening) log.LogWarning("Ends of sessions and tokens are looked up until the database answers: {Message}", e.Message);
                IsListening = false;
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        // Noticed within seconds when the server is gone without a word.
        var text = new NpgsqlConnectionStringBuilder(connections.Direct) { KeepAlive = 10, Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync(stopping);
        connection.Notification += (_, n) => Hear(n.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(stopping);
        IsListening = true;
        while (true) await connection.WaitAsync(stopping);
    }

    private void Hear(string payload)
    {
        if (payload.Split(':', 2) is [var what, var hash]) Ended?.Invoke(what, hash);
    }
}
