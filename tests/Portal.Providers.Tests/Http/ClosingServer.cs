using System.Net;
using System.Net.Sockets;

namespace Portal.Providers.Tests.Http;

/// <summary>
/// Answers every GET and keeps the connection; on a POST it does the work and closes in good order, without an answer.
/// </summary>
internal sealed class ClosingServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task accepting;
    private int posts;

    public ClosingServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    public int Posts => Volatile.Read(ref posts);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var (stream, buffer) = (client.GetStream(), new byte[65536]);
            while (await stream.ReadAsync(buffer) is var length and > 0)
            {
                if (buffer.AsSpan(0, length).StartsWith("POST"u8))
                {
                    Interlocked.Increment(ref posts);
                    return;
                }
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        }
    }
}
