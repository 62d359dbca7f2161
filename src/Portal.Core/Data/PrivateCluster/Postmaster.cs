using System.Globalization;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>The running server of a data directory, as <c>postmaster.pid</c> and <c>/proc</c> tell it.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="SocketFolder">Folder of its Unix socket; null when it listens on TCP, as the servers of earlier builds
/// do.</param>
/// <param name="Port">Port that it listens on; of a socket only a part of the name.</param>
/// <param name="Ready">Whether it takes connections; false while it starts, recovers or stops.</param>
/// <param name="Outdated">Whether its program was replaced on disk (an upgrade): extensions no longer load.</param>
internal sealed record Postmaster(int Pid, string? SocketFolder, int Port, bool Ready, bool Outdated)
{
    /// <summary>Lines of postmaster.pid (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*), from 0.</summary>
    private const int PidLine = 0, PortLine = 3, SocketLine = 4, StatusLine = 7;

    /// <summary>Whether its socket was taken away under it: nobody can connect any more.</summary>
    public bool IsCutOff =>
        Ready && SocketFolder is not null && !File.Exists(PrivateCluster.SocketFolder.Socket(SocketFolder, Port));

    /// <summary>
    /// Whether it sees its socket where we do not: it has another temporary folder than this process.
    /// </summary>
    public bool SeesOtherFiles => SocketFolder is not null
        && Path.Exists($"/proc/{Pid}/root{PrivateCluster.SocketFolder.Socket(SocketFolder, Port)}");

    /// <summary>The live server of this data directory; null when there is none, whatever its pid file says.</summary>
    public static Postmaster? Find(string dataDirectory)
    {
        if (ReadLines(dataDirectory) is not { Length: > PortLine } lines
            || !int.TryParse(lines[PidLine], NumberStyles.Integer, CultureInfo.InvariantCulture, out var pid)
            || !int.TryParse(lines[PortLine], NumberStyles.Integer, CultureInfo.InvariantCulture, out var port)
            || !RunsIn(pid, dataDirectory))
        {
            return null;
        }

        var ready = lines.Length > StatusLine && lines[StatusLine].Trim() == "ready";
        var program = Link($"/proc/{pid}/exe");
        var socket = lines.Length > SocketLine && lines[SocketLine].Trim() is { Length: > 0 } folder ? folder : null;
        return new Postmaster(
            pid, socket, port, ready, program?.EndsWith(" (deleted)", StringComparison.Ordinal) == true);
    }

    /// <summary>
    /// Removes a pid file whose number meanwhile belongs to another program: PostgreSQL would refuse to start. One of a
    /// dead process is left to PostgreSQL, which also checks that no child of that server is alive.
    /// </summary>
    public static void RemoveForeignPidFile(string dataDirectory)
    {
        if (ReadLines(dataDirectory) is { Length: > 0 } lines
            && int.TryParse(lines[PidLine], NumberStyles.Integer, CultureInfo.InvariantCulture, out var pid)
            && Directory.Exists($"/proc/{pid}")
            && AllIn(dataDirectory).Count == 0)
        {
            File.Delete(PidFile(dataDirectory));
        }
    }

    private static string PidFile(string dataDirectory) => Path.Combine(dataDirectory, "postmaster.pid");

    private static string[]? ReadLines(string dataDirectory)
    {
        try
        {
            return File.ReadAllLines(PidFile(dataDirectory));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Every process of a server works in its data directory.</summary>
    private static bool RunsIn(int pid, string dataDirectory) => Link($"/proc/{pid}/cwd") == dataDirectory;

    /// <summary>All processes that work in a data directory: also the children of a server that was killed.</summary>
    public static List<int> AllIn(string dataDirectory) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(
            Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && RunsIn(pid, dataDirectory)).ToList();

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
