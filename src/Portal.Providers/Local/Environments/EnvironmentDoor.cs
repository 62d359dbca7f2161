using System.Globalization;
using System.Net.Sockets;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// How an environment is reached although it has a network of its own. Inside, a relay listens on a socket in a folder
/// that is shared with the machine; the portal takes that socket out of the folder, so that the process can no longer
/// put anything in its place. The address always leads to <c>current.sock</c>: a new version takes it over by one
/// rename, and connections to the old one go on.
/// </summary>
internal sealed class EnvironmentDoor(EnvironmentFolder folder, JobUser user)
{
    public const string Inside = "/run/door";
    public const string RelayTag = "relay.";
    public const string Current = "current.sock";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private const string Socket = "in.sock";

    /// <summary>
    /// Shell text that starts the relay; its argument in front is the door's folder. The socket is made with its
    /// rights: the portal may take it as soon as it is there, and then the relay would look for it in vain, and end.
    /// </summary>
    public static string Relay(int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"(cd -- \"$1\" && exec /usr/bin/env -i {ProcessTable.TagVariable}=\"{RelayTag}${ProcessTable.TagVariable}\" "
            + $"/usr/bin/setsid {Isolation.SocketTool} -lf /dev/null -t 30 ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"UNIX-LISTEN:{Socket},fork,unlink-early,umask=111,max-children=256 TCP:127.0.0.1:{port}) & relay=$!; "
            + $"shift; ");

    /// <summary>
    /// Runs the command beside the relay. When it has ended, what it has answered is relayed to the end, for a second
    /// at most.
    /// </summary>
    public const string Run =
        "trap : TERM; {0} & command=$!; while kill -0 $command 2>/dev/null; do wait $command; done; "
        + "left=50; while [ $left -gt 0 ] && [ -n \"$(cat /proc/$relay/task/$relay/children 2>/dev/null)\" ]; do "
            + "left=$((left - 1)); sleep 0.02; done; kill $relay 2>/dev/null; exit 0";

    /// <summary>A folder for the start of that number.</summary>
    public string Make(int start)
    {
        folder.MakeDoors();
        var path = FolderOf(start);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        user.MakePrivateFolder(path);
        return path;
    }

    /// <summary>Takes the socket over as soon as it is there. False: nobody listens yet.</summary>
    public bool Take(int start)
    {
        var made = Path.Combine(FolderOf(start), Socket);
        if (File.Exists(made) || new FileInfo(made).LinkTarget is not null)
        {
            File.Move(made, SocketOf(start), overwrite: true);
            // Only now it is safe to look: the process could have changed it until then.
            if (new FileInfo(SocketOf(start)).LinkTarget is not null) File.Delete(SocketOf(start));
        }

        return File.Exists(SocketOf(start));
    }

    /// <summary>
    /// Waits for the socket, which is there before the process itself has begun. False: the process ended first.
    /// </summary>
    public async Task<bool> AppearsAsync(int start, DetachedProcess process)
    {
        while (!Take(start))
        {
            if (!process.IsRunning) return false;
            await Task.Delay(Look).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>From now on the address leads to the process of that start.</summary>
    public void Open(int start)
    {
        if (Take(start)) File.Move(SocketOf(start), Path.Combine(folder.Address, Current), overwrite: true);
        if (Directory.Exists(FolderOf(start))) Directory.Delete(FolderOf(start), recursive: true);
    }

    /// <summary>Connects to the process of that start, whether the address leads to it already or not.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public async Task<Socket> ConnectAsync(int start, CancellationToken cancellation)
    {
        var name = Take(start) ? Path.GetFileName(SocketOf(start)) : Current;
        return await FolderSocket.ConnectAsync(folder.Address, name, cancellation);
    }

    private string FolderOf(int start) => Path.Combine(folder.Doors, start.ToString(CultureInfo.InvariantCulture));

    private string SocketOf(int start) =>
        Path.Combine(folder.Address, start.ToString(CultureInfo.InvariantCulture) + ".sock");
}
