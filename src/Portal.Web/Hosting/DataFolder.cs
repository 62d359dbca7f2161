using System.Globalization;
using Portal.Web.Commands;

namespace Portal.Web.Hosting;

/// <summary>The folder of everything that one portal keeps.</summary>
internal sealed class DataFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The private PostgreSQL, when there is one.</summary>
    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    /// <summary>Of data protection: what encrypts cookies and the secrets of runs. Nobody but the portal may look into it.</summary>
    private string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>Says that the folder is a portal's: nothing else is ever removed by <c>reset</c>.</summary>
    public string Marker => System.IO.Path.Combine(Path, ".portal");

    /// <summary>Locked while a portal runs, whatever is in it; the kernel ends the lock with the process.</summary>
    private string LockFile => System.IO.Path.Combine(Path, "portal.lock");

    private string PidFile => System.IO.Path.Combine(Path, "portal.pid");

    /// <summary>Makes the folder. Others may pass through, to what inside is theirs, and see nothing.</summary>
    public void Ensure()
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            Directory.CreateDirectory(Path, mode);
            Directory.CreateDirectory(Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(Marker, "The data of a developer portal. To remove it: ./portal reset --data with this folder.\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{Path} cannot be written ({error.Message}): choose another data folder with --data DIR", error);
        }
    }

    /// <summary>Takes the folder for this process until it ends; two portals would run each other's environments.</summary>
    public IDisposable Hold()
    {
        try
        {
            var held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            File.WriteAllText(PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException)
        {
            throw new StartupException($"another portal{(HeldBy() is { } pid ? $" (process {pid})" : "")} uses {Path}: stop it, or choose another data folder with --data DIR");
        }
    }

    /// <summary>The process that holds the folder; null when none does.</summary>
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
            return int.TryParse(File.Exists(PidFile) ? File.ReadAllText(PidFile) : null, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
    }
}
