using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// A socket among the files of a folder, taken through the open folder: the kernel takes 107 bytes of a path, and so it
/// is always short.
/// </summary>
internal static class FolderSocket
{
    public static Socket Make() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Holds as long as the folder is open.</summary>
    public static UnixDomainSocketEndPoint At(SafeFileHandle folder, string name) =>
        new($"/proc/self/fd/{folder.DangerousGetHandle()}/{name}");

    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async Task<Socket> ConnectAsync(string folder, string name, CancellationToken cancellation)
    {
        using var open = Native.OpenFolder(folder);
        var socket = Make();
        try
        {
            await socket.ConnectAsync(At(open, name), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
