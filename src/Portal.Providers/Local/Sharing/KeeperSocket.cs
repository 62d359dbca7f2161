using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Sharing;

/// <summary>
/// Where the keeper is called: <c>keeper.sock</c> in the provider's folder, for the portal's own user alone.
/// </summary>
internal sealed class KeeperSocket(LocalFolders folders)
{
    private const string Name = "keeper.sock";

    private string File => Path.Combine(folders.Root, Name);

    /// <summary>Listens in the place of whoever did before. Only who has the lock may.</summary>
    public Listener Listen()
    {
        // Left by a keeper that was killed.
        System.IO.File.Delete(File);
        var folder = Native.OpenFolder(folders.Root);
        var socket = FolderSocket.Make();
        try
        {
            socket.Bind(FolderSocket.At(folder, Name));
            // Before it listens: until then nobody can connect.
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(128);
            return new Listener(socket, folder);
        }
        catch
        {
            socket.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <exception cref="SocketException">Nobody listens.</exception>
    public Task<Socket> ConnectAsync(CancellationToken cancellation) =>
        FolderSocket.ConnectAsync(folders.Root, Name, cancellation);

    /// <summary>Takes calls until it is disposed; then the socket's file is gone.</summary>
    internal sealed class Listener(Socket socket, SafeFileHandle folder) : IDisposable
    {
        public ValueTask<Socket> AcceptAsync(CancellationToken cancellation) => socket.AcceptAsync(cancellation);

        public void Dispose()
        {
            socket.Dispose();
            folder.Dispose();
        }
    }
}
