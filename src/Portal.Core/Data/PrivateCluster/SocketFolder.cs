using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// Where a private server takes connections: a Unix socket in a folder that its owner alone can enter, so that nobody
/// else can take its place while it is down, and no code that is walled off from the data folder reaches it. It lies in
/// the folder of the cluster; the kernel allows sockets short paths only, so where that one is too long (or holds what
/// needs quoting) it is a short folder elsewhere, and a file says which.
/// </summary>
internal sealed partial class SocketFolder(string cluster)
{
    /// <summary>
    /// Names the socket; nothing listens on TCP. A build that still looks for a server at such a port finds none, and
    /// no other's.
    /// </summary>
    public const int Port = 1;

    /// <summary>Bytes of <c>sun_path</c> without its end.</summary>
    private const int LongestPath = 107;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string inside = Path.Combine(cluster, "run");
    private readonly string elsewhere = Path.Combine(cluster, "socket");

    /// <summary>A copy of a data folder does not share the original's.</summary>
    private readonly string prefix =
        $"portal-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster)))[..8]}-";

    public static string Socket(string folder, int port = Port) => Path.Combine(folder, $".s.PGSQL.{port}");

    /// <summary>Makes the folder, or takes the one of last time: a portal that runs keeps its address.</summary>
    public async Task<string> MakeAsync(CancellationToken cancellation)
    {
        if (Fits(inside))
        {
            Directory.CreateDirectory(inside, OwnerOnly);
            await ClusterOwner.OwnAsync(inside, cancellation);
            return inside;
        }

        if (Remembered() is { } last && IsThere(last))
        {
            await ClusterOwner.OwnAsync(last, cancellation);
            return last;
        }

        var folder = MakeShort();
        await ClusterOwner.OwnAsync(folder, cancellation);
        await File.WriteAllTextAsync(elsewhere, folder + "\n", cancellation);
        return folder;
    }

    /// <summary>
    /// Of a server that was killed, when there is surely none any more: PostgreSQL does not start beside a lock file
    /// whose number belongs to a process, and that may be another's by now, or one that nobody has buried yet.
    /// </summary>
    public static void RemoveLeftovers(string folder)
    {
        File.Delete(Socket(folder));
        File.Delete(Socket(folder) + ".lock");
    }

    /// <summary>Takes away what lies outside of the cluster's folder.</summary>
    public void RemoveElsewhere()
    {
        if (Remembered() is { } last && IsOurs(last)) Directory.Delete(last, recursive: true);
    }

    private static bool Fits(string folder) => PlainPath().IsMatch(folder) && Socket(folder).Length <= LongestPath;

    private string? Remembered() =>
        File.Exists(elsewhere) && File.ReadAllText(elsewhere).Trim() is { Length: > 0 } folder ? folder : null;

    /// <summary>Made again where somebody cleaned up: a portal that runs looks for it there.</summary>
    private bool IsThere(string folder)
    {
        if (!Path.Exists(folder) && Path.GetFileName(folder).StartsWith(prefix, StringComparison.Ordinal))
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
        return IsOurs(folder);
    }

    /// <summary>
    /// A folder of that name may be another's by now: only its owner may change its mode. Root's lies where only root
    /// makes any.
    /// </summary>
    private bool IsOurs(string folder)
    {
        var info = new DirectoryInfo(folder);
        if (!info.Exists || info.LinkTarget is not null || !info.Name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }
        try
        {
            File.SetUnixFileMode(folder, OwnerOnly);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string MakeShort()
    {
        var parent = Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp";
        var folder = Path.Combine(parent, prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        if (Path.Exists(folder)) throw new PrivateClusterException($"{folder} is there already: start again");
        Directory.CreateDirectory(folder, OwnerOnly);
        return folder;
    }

    /// <summary>
    /// What neither the shell that pg_ctl uses nor PostgreSQL's list of folders reads as anything else.
    /// </summary>
    [GeneratedRegex("^[A-Za-z0-9/._-]+$")]
    private static partial Regex PlainPath();
}
