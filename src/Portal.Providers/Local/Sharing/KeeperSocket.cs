using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Sharing;

/// <summary>Where the keeper is called: <c>keeper.sock</c> in the provider's folder, for the portal's own user alone.</summary>
internal sealed class KeeperSocket(LocalFolders folders)
{
    private const string Name = "keeper.sock";

    /// <summary>The kernel takes 107 bytes.</summary>
    private const int LongestPath = 100;

    private string File => Path.Combine(folders.Root, Name);

    /// <summary>Listens in the place of whoever did before. Only who has the lock may.</summary>
    public Listener Listen()
    {
        // Left by a keeper that was killed.
        System.IO.File.Delete(File);
        var (address, folder) = Address();
        var socket = New();
        try
        {
            socket.Bind(address);
            // Before it listens: until then nobody can connect.
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(128);
            return new Listener(socket, folder);
        }
        catch
        {
            socket.Dispose();
            folder?.Dispose();
            throw;
        }
    }

    /// <exception cref="SocketException">Nobody listens.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var (address, folder) = Address();
        using (folder)
        {
            var socket = New();
            try
            {
                await socket.ConnectAsync(address, cancellation);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>A path that is too long for a socket is taken through the open folder, which must stay open meanwhile.</summary>
    private (UnixDomainSocketEndPoint Address, SafeFileHandle? Folder) Address()
    {
        if (Encoding.UTF8.GetByteCount(File) <= LongestPath) return (new UnixDomainSocketEndPoint(File), null);
        var folder = Native.OpenFolder(folders.Root);
        return (new UnixDomainSocketEndPoint($"/proc/self/fd/{folder.DangerousGetHandle()}/{Name}"), folder);
    }

    /// <summary>Takes calls until it is disposed; then the socket's file is gone.</summary>
    internal sealed class Listener(Socket socket, SafeFileHandle? folder) : IDisposable
    {
        public ValueTask<Socket> AcceptAsync(CancellationToken cancellation) => socket.AcceptAsync(cancellation);

        public void Dispose()
        {
            socket.Dispose();
            folder?.Dispose();
        }
    }
}
