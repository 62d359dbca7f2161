using System.Net.Sockets;
using System.Text;

namespace Portal.Core.Tests.Data;

/// <summary>Takes the place of a PostgreSQL that is down, and asks whoever comes for the password in clear.</summary>
internal sealed class Impostor : IDisposable
{
    /// <summary>AuthenticationCleartextPassword of the protocol.</summary>
    private static readonly byte[] Ask = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 3];

    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task<string> heard;

    public Impostor(string path)
    {
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        heard = Task.Run(ListenAsync);
    }

    /// <summary>All that the first visitor said.</summary>
    public Task<string> HeardAsync() => heard;

    public void Dispose() => listener.Dispose();

    private async Task<string> ListenAsync()
    {
        using var visitor = await listener.AcceptAsync();
        var text = new StringBuilder();
        var buffer = new byte[4096];
        for (var asked = false; ;)
        {
            var read = await visitor.ReceiveAsync(buffer);
            if (read == 0) return text.ToString();
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (!asked) await visitor.SendAsync(Ask);
            asked = true;
        }
    }
}
