using System.Net;
using System.Net.Sockets;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// Gives out ports below those that the kernel takes for outgoing connections, so that a stopped environment finds its
/// own again.
/// </summary>
internal sealed class Ports
{
    private const int First = 20_000;
    private const int Last = 31_999;

    private readonly HashSet<int> taken = [];

    public int Take()
    {
        lock (taken)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (taken.Contains(port) || !IsFree(port)) continue;
                taken.Add(port);
                return port;
            }
        }
        throw ProviderException.Unavailable(
            "ports-exhausted",
            $"No free port between {First} and {Last} was found on the portal's machine: destroy environments that "
            + "nobody needs.");
    }

    /// <summary>One that an environment has from before.</summary>
    public void Reserve(int port)
    {
        lock (taken) taken.Add(port);
    }

    public void Return(int port)
    {
        lock (taken) taken.Remove(port);
    }

    public static bool IsFree(int port) =>
        CanBind(IPAddress.Any, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
