using System.Diagnostics;
using System.Net.Sockets;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Sharing;

/// <summary>
/// Calls the keeper. While there is none a call waits; once something of it was sent, a keeper that is lost is an
/// error.
/// </summary>
internal sealed class KeeperCalls(LocalKeeper keeper, KeeperSocket socket)
{
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    /// <summary>So long a call waits for a keeper that answers.</summary>
    public TimeSpan Patience { get; init; } = DefaultPatience;

    /// <summary>Null: this process has become the keeper before anything was sent.</summary>
    /// <exception cref="ProviderException">
    /// What the call throws at the keeper; or <c>local-keeper-missing</c>, <c>local-keeper-lost</c>.
    /// </exception>
    public async Task<ReadOnlyMemory<byte>?> AskAsync(Func<byte[]> request, CancellationToken cancellation)
    {
        for (var begun = Stopwatch.GetTimestamp(); !keeper.IsKeeping;)
        {
            if (await ConnectAsync(Patience - Stopwatch.GetElapsedTime(begun), cancellation) is { } connection)
            {
                await using (connection) return await connection.AskAsync(request(), cancellation);
            }

            if (keeper.HasEnded || Stopwatch.GetElapsedTime(begun) >= Patience) throw Missing();
            await Task.Delay(Again, cancellation);
        }

        return null;
    }

    /// <summary>Null when no keeper answers. One that is stopped can be connected to, but does not answer.</summary>
    private async Task<KeeperConnection?> ConnectAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        KeeperConnection? connection = null;
        try
        {
            connection = new KeeperConnection(await socket.ConnectAsync(limit.Token));
            await connection.ReadyAsync(limit.Token);
            return connection;
        }
        catch (Exception e) when (
            e is IOException or SocketException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            if (connection is not null) await connection.DisposeAsync();
            return null;
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            throw;
        }
    }

    private static ProviderException Missing() => ProviderException.Transient("local-keeper-missing",
        "The portal process that looks after local pipelines and environments does not answer. Another one takes over "
            + "as soon as it has ended; if it is stopped, let it go on or end it.", mayHaveHappened: false);
}
