using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Sharing;

/// <summary>The keeper's side of the socket: performs what other processes ask for.</summary>
internal sealed partial class KeeperServer(
    KeeperSocket socket, SharedCapabilities capabilities, ILogger<KeeperServer> logger)
{
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Takes calls until <paramref name="stopping"/>; those under way are cancelled then, and it returns when they have
    /// ended.
    /// </summary>
    public async Task ServeAsync(CancellationToken stopping)
    {
        var open = new ConcurrentDictionary<Task, bool>();
        try
        {
            using var listener = socket.Listen();
            while (!stopping.IsCancellationRequested)
            {
                var call = AnswerAsync(await AcceptAsync(listener, stopping), stopping);
                open[call] = true;
                _ = call.ContinueWith(
                    ended => open.TryRemove(ended, out _), CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // No more calls.
        }
        catch (Exception e)
        {
            // This process goes on as if it were alone.
            LogDeaf(logger, e);
        }

        await Task.WhenAll(open.Keys);
    }

    private static async Task<Socket> AcceptAsync(KeeperSocket.Listener listener, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await listener.AcceptAsync(stopping);
            }
            catch (SocketException) when (!stopping.IsCancellationRequested)
            {
                // The caller has gone already, or this process has too many files open for the moment.
                await Task.Delay(TimeSpan.FromMilliseconds(100), stopping);
            }
        }
    }

    private async Task AnswerAsync(Socket connection, CancellationToken stopping)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var stream = new NetworkStream(connection, ownsSocket: true);
        var watch = Task.CompletedTask;
        try
        {
            await new Frame(FrameKind.Ready, default).WriteAsync(stream, call.Token);
            var request = await Frame.ReadAsync(stream, call.Token);
            watch = WatchCallerAsync(stream, call);
            var answer = await BeatUntilAsync(PerformAsync(request, call.Token), stream);
            await answer.WriteAsync(stream, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The caller has gone, before it asked or before the answer.
        }
        finally
        {
            // Ends the watch as well.
            await stream.DisposeAsync();
            await watch;
        }
    }

    /// <summary>
    /// After its request a caller sends nothing: whatever ends the reading means that it no longer wants an answer.
    /// </summary>
    private static async Task WatchCallerAsync(NetworkStream stream, CancellationTokenSource call)
    {
        try
        {
            _ = await stream.ReadAsync(new byte[1], CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The same.
        }

        await call.CancelAsync();
    }

    private static async Task<Frame> BeatUntilAsync(Task<Frame> answer, NetworkStream stream)
    {
        while (await Task.WhenAny(answer, Task.Delay(BeatEvery)) != answer)
        {
            try
            {
                await new Frame(FrameKind.Beat, default).WriteAsync(stream, CancellationToken.None);
            }
            catch (IOException)
            {
                // The call is cancelled by now, and gets its time to end.
                return await answer;
            }
        }

        return await answer;
    }

    private async Task<Frame> PerformAsync(Frame frame, CancellationToken cancellation)
    {
        var name = "?";
        try
        {
            var request = JsonSerializer.Deserialize<SharedRequest>(frame.Content.Span, Json.Options)!;
            name = request.Call;
            return capabilities.Find(name) is var (call, own)
                ? new Frame(FrameKind.Value, await call.PerformAsync(own, request, cancellation))
                : new Frame(FrameKind.Unknown, default);
        }
        catch (ProviderException e)
        {
            return new Frame(FrameKind.Error, JsonSerializer.SerializeToUtf8Bytes(SharedError.Of(e), Json.Options));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new Frame(FrameKind.Cancelled, default);
        }
        catch (Exception bug)
        {
            LogBug(logger, name, bug);
            return new Frame(FrameKind.Bug, Encoding.UTF8.GetBytes($"{bug.GetType().Name}: {bug.Message}"));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Other portal processes on this folder cannot call this one")]
    private static partial void LogDeaf(ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Call}, asked for by another portal process, failed")]
    private static partial void LogBug(ILogger logger, string call, Exception e);
}
