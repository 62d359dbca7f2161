using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Sharing;

/// <summary>One call to the keeper.</summary>
internal sealed class KeeperConnection(Socket socket) : IAsyncDisposable
{
    /// <summary>A living keeper says something every <see cref="KeeperServer.BeatEvery"/>.</summary>
    private static readonly TimeSpan Silence = 6 * KeeperServer.BeatEvery;

    /// <summary>
    /// So long who cancels waits for the keeper to have cleaned up, as it would in the keeper itself.
    /// </summary>
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(3);

    private readonly NetworkStream stream = new(socket, ownsSocket: true);

    public async Task ReadyAsync(CancellationToken cancellation)
    {
        if ((await Frame.ReadAsync(stream, cancellation)).Kind != FrameKind.Ready)
        {
            throw new IOException("What answers is no keeper.");
        }
    }

    public async Task<ReadOnlyMemory<byte>> AskAsync(byte[] request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(Silence);
        Frame answer;
        try
        {
            await new Frame(FrameKind.Request, request).WriteAsync(stream, limit.Token);
            await using var cancelled = cancellation.Register(() => Cancel(limit));
            while ((answer = await Frame.ReadAsync(stream, limit.Token)).Kind == FrameKind.Beat)
            {
                if (!cancellation.IsCancellationRequested) limit.CancelAfter(Silence);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Lost(e);
        }

        return answer.Kind == FrameKind.Value ? answer.Content : throw Failure(answer, cancellation);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    /// <summary>The keeper sees that nothing more comes, and cancels the call.</summary>
    private void Cancel(CancellationTokenSource limit)
    {
        try
        {
            limit.CancelAfter(CleanUp);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over already.
        }
    }

    private static Exception Failure(Frame answer, CancellationToken cancellation) => answer.Kind switch
    {
        FrameKind.Error => JsonSerializer.Deserialize<SharedError>(answer.Content.Span, Json.Options)!.ToException(),
        FrameKind.Cancelled when cancellation.IsCancellationRequested => new OperationCanceledException(cancellation),
        FrameKind.Cancelled => Lost(),
        FrameKind.Unknown => ProviderException.Transient("local-keeper-other-version",
            "The portal process that looks after local pipelines and environments is of another version and has no "
                + "such call: run all processes from one version.", mayHaveHappened: false),
        _ => new InvalidOperationException(
            $"The call failed in the keeper's process: {Encoding.UTF8.GetString(answer.Content.Span)}"),
    };

    private static ProviderException Lost(Exception? inner = null) => ProviderException.Transient("local-keeper-lost",
        "The portal process that looks after local pipelines and environments ended or fell silent during the call: "
            + "look whether it was done, then try again.", mayHaveHappened: true, inner);
}
