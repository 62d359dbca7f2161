using System.Collections.Concurrent;
using Npgsql;
using Portal.Core.Access;

namespace Portal.Web.Governance;

/// <summary>
/// The connections of pages that this process holds, by session. When the session ends, here or at another replica,
/// they end within seconds; while somebody clicks in them, it is used.
/// </summary>
internal sealed class OpenSessions : BackgroundService
{
    /// <summary>Between two looks where ends are not told.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    /// <summary>Between two looks all the same: a person may have been removed, or the time be over.</summary>
    private const int LooksPerMinute = 20;

    /// <summary>
    /// The page says first that nobody is signed in any more; then its connection ends, whatever it does.
    /// </summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<OpenConnection, bool>> open =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> used = new(StringComparer.Ordinal);
    private readonly Sessions sessions;
    private readonly AccessNews news;
    private readonly ILogger<OpenSessions> log;

    public OpenSessions(Sessions sessions, AccessNews news, ILogger<OpenSessions> log)
    {
        (this.sessions, this.news, this.log) = (sessions, news, log);
        news.Ended += (what, id) =>
        {
            if (what == AccessNews.SessionEnded) End(id);
        };
    }

    /// <summary>Until the result is disposed, <paramref name="end"/> is called when the session ends.</summary>
    /// <param name="isCarrier">It carries others, which end before it.</param>
    public OpenConnection Hold(string session, Action end, bool isCarrier = false)
    {
        var connection = new OpenConnection(end, isCarrier, c => Leave(session, c));
        open.AddOrUpdate(
            session, _ => new ConcurrentDictionary<OpenConnection, bool> { [connection] = true }, (_, others) =>
            {
                others[connection] = true;
                return others;
            });
        return connection;
    }

    public void Used(string session) => used[session] = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        for (var round = 1; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            if (news.IsListening && round % LooksPerMinute != 0) continue;
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                log.LogDebug("Open sessions were not looked up: {Message}", e.Message);
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancellation)
    {
        var held = open.Keys.ToList();
        if (held.Count == 0) return;
        var living = (await sessions.LivingAsync(held, cancellation)).ToHashSet(StringComparer.Ordinal);
        foreach (var over in held.Where(id => !living.Contains(id))) End(over);
        var clicked = used.Keys.Where(living.Contains).ToList();
        if (clicked.Count > 0) await sessions.UsedAsync(clicked, cancellation);
        used.Clear();
    }

    private void End(string session)
    {
        if (!open.TryRemove(session, out var connections)) return;
        foreach (var page in connections.Keys.Where(c => !c.IsCarrier)) page.End();
        _ = EndLaterAsync([.. connections.Keys.Where(c => c.IsCarrier)]);
    }

    private static async Task EndLaterAsync(IReadOnlyList<OpenConnection> carriers)
    {
        await Task.Delay(LastWord, TimeProvider.System);
        foreach (var carrier in carriers) carrier.End();
    }

    private void Leave(string session, OpenConnection connection)
    {
        if (open.TryGetValue(session, out var others) && others.TryRemove(connection, out _) && others.IsEmpty)
        {
            ((ICollection<KeyValuePair<string, ConcurrentDictionary<OpenConnection, bool>>>)open).Remove(
                KeyValuePair.Create(session, others));
        }
    }
}

/// <summary>One circuit, or one request of the hub.</summary>
internal sealed class OpenConnection(Action end, bool isCarrier, Action<OpenConnection> closed) : IDisposable
{
    private readonly Lock gate = new();
    private bool isClosed;

    public bool IsCarrier => isCarrier;

    /// <summary>Nothing happens once it is closed: what it was made of may serve somebody else by then.</summary>
    public void End()
    {
        lock (gate)
        {
            if (!isClosed) end();
        }
    }

    public void Dispose()
    {
        lock (gate) isClosed = true;
        closed(this);
    }
}
