using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// Carries "this session, this token has ended" to every replica, by PostgreSQL's NOTIFY. The rows are the truth: who
/// hears nothing looks at them now and then, and is only later.
/// </summary>
public sealed class AccessNews(DatabaseConnections connections, ILogger<AccessNews> log)
    : DatabaseListener(connections, Channel)
{
    public const string SessionEnded = "session";
    public const string TokenEnded = "token";
    private const string Channel = "portal_access";

    /// <summary>What ended, <see cref="SessionEnded"/> or <see cref="TokenEnded"/>, and its hash.</summary>
    public event Action<string, string>? Ended;

    /// <summary>Part of the caller's transaction: others hear of it when it commits.</summary>
    internal static Task TellAsync(PortalDbContext db, string what, string hash, CancellationToken cancellation)
    {
        var payload = $"{what}:{hash}";
        return db.Database.ExecuteSqlAsync($"select pg_notify({Channel}, {payload})", cancellation);
    }

    protected override void Lose(Exception failure, bool wasListening)
    {
        if (wasListening)
        {
            log.LogWarning(
                "Ends of sessions and tokens are looked up until the database answers: {Message}", failure.Message);
        }
    }

    protected override void Hear(string payload)
    {
        if (payload.Split(':', 2) is [var what, var hash]) Ended?.Invoke(what, hash);
    }
}
