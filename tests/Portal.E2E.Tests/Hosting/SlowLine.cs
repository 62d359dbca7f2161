using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Portal.E2E.Tests.Hosting;

/// <summary>A line to a server on which everything takes its time, each way; nothing is lost or overtaken.</summary>
public sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Uri server;
    private readonly TimeSpan delay;
    private readonly Task accepting;

    public SlowLine(Uri server, TimeSpan delay)
    {
        (this.server, this.delay) = (server, delay);
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                lines.Add(ServeAsync(await listener.AcceptTcpClientAsync(closing.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using var here = near;
        using var there = new TcpClient();
        try
        {
            await there.ConnectAsync(server.Host, server.Port, closing.Token);
            here.NoDelay = there.NoDelay = true;
            await Task.WhenAny(
                PassAsync(here.GetStream(), there.GetStream()), PassAsync(there.GetStream(), here.GetStream()));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // Whoever hung up, the line ends.
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var waiting = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        var writing = WriteAsync(waiting.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            for (var read = await from.ReadAsync(buffer, closing.Token);
                read > 0;
                read = await from.ReadAsync(buffer, closing.Token))
            {
                var due = Environment.TickCount64 + (long)delay.TotalMilliseconds;
                await waiting.Writer.WriteAsync((due, buffer[..read]), closing.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // What was read before is still passed on.
        }
        waiting.Writer.Complete();
        await writing;
    }

    private async Task WriteAsync(ChannelReader<(long Due, byte[] Bytes)> waiting, NetworkStream to)
    {
        try
        {
            await foreach (var (due, bytes) in waiting.ReadAllAsync(closing.Token))
            {
                var left = due - Environment.TickCount64;
                if (left > 0) await Task.Delay(TimeSpan.FromMilliseconds(left), closing.Token);
                await to.WriteAsync(bytes, closing.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }
}
