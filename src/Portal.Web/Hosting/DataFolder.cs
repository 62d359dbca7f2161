using System.Globalization;
using Portal.Web.Commands;

namespace Portal.Web.Hosting;

/// <summary>The folder of everything that one portal keeps.</summary>
internal sealed class DataFolder(string path)
{
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>The private PostgreSQL, when there is one.</summary>
    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    /// <summary>
    /// Of data protection: what encrypts cookies and the secrets of runs. Nobody but the portal may look into it.
    /// </summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>Says that the folder is a portal's: nothing else is ever removed by <c>reset</c>.</summary>
    public string Marker => System.IO.Path.Combine(Path, ".portal");

    /// <summary>Locked while a portal runs, whatever is in it; the kernel ends the lock with the process.</summary>
    private string LockFile => System.IO.Path.Combine(Path, "portal.lock");

    private string PidFile => System.IO.Path.Combine(Path, "portal.pid");

    /// <summary>
    /// Several portals of one machine may run on the folder: those that have their database elsewhere. One with a
    /// private PostgreSQL has it alone.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>Makes the folder. Others may pass through, to what inside is theirs, and see nothing.</summary>
    public void Ensure()
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            Directory.CreateDirectory(Path, mode);
            Directory.CreateDirectory(Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(
                Marker, "The data of a developer portal. To remove it: ./portal reset --data with this folder.\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"{Path} cannot be written ({error.Message}): choose another data folder with --data DIR", error);
        }
    }

    /// <summary>Takes the folder for this process until it ends, alone or together with others that share it.</summary>
    public IDisposable Hold()
    {
        try
        {
            var held = new FileStream(LockFile, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite,
                Share = IsShared ? FileShare.ReadWrite : FileShare.None, BufferSize = 0,
                // Who can open it can lock it.
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            File.WriteAllText(PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException)
        {
            throw new StartupException(
                $"another portal{(HeldBy() is { } pid ? $" (process {pid})" : "")} uses {Path}: stop it, or choose another data folder with --data DIR"
                    + (IsShared
                        ? ""
                        : "; portals share a folder only when all have their database in ConnectionStrings:Portal"));
        }
    }

    /// <summary>The process that holds the folder, one of them when several do; null when none does.</summary>
    public int? HeldBy()
    {
        try
        {
            using var free = new FileStream(LockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return Holder();
        }
    }

    /// <summary>
    /// The file tells who came last; of several that one may have ended, and the kernel tells who is left.
    /// </summary>
    private int? Holder()
    {
        int? last = int.TryParse(
            File.Exists(PidFile) ? File.ReadAllText(PidFile) : null, NumberStyles.None, CultureInfo.InvariantCulture,
            out var pid) ? pid : null;
        if (last is { } process && HasItOpen(process)) return process;
        var holders = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(
                System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number) ? number : 0)
            .Where(number => number > 0 && number != Environment.ProcessId && HasItOpen(number));
        return holders.Select(number => (int?)number).FirstOrDefault() ?? last;
    }

    private bool HasItOpen(int pid)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
                .Any(file => new FileInfo(file).LinkTarget == LockFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
