using System.Globalization;
using System.Security.Cryptography;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>The files of one private cluster, beside its data.</summary>
internal sealed class ClusterFiles(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Without symbolic links, as <c>/proc</c> tells where a server works.</summary>
    public string Folder { get; } = Real(Path.GetFullPath(folder));

    public string Data => Path.Combine(Folder, "data");

    /// <summary>
    /// Where a new cluster grows: it is renamed to <see cref="Data"/> when whole, so a kill leaves no half of one.
    /// </summary>
    public string Unfinished => Path.Combine(Folder, "data.new");

    public string Log => Path.Combine(Folder, "log");

    public string Password => Path.Combine(Folder, "password");

    private string LockFile => Path.Combine(Folder, "lock");

    public bool HasData => File.Exists(Path.Combine(Data, "PG_VERSION"));

    /// <summary>The major version that made the data; null when there is none yet.</summary>
    public int? MadeBy()
    {
        if (!HasData)
        {
            // A cluster comes here whole, by its rename: one without this file was cut down since.
            return Directory.Exists(Data)
                ? throw new PrivateClusterException(
                    $"{Data} is no whole database (PG_VERSION is missing): restore it from a backup, or start over with ./portal reset")
                : null;
        }

        var text = File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim();
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new PrivateClusterException(
                $"{Data}/PG_VERSION reads '{text}', which is no version: restore it, or start over with ./portal reset");
    }

    public string ReadPassword()
    {
        try
        {
            return File.ReadAllText(Password).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PrivateClusterException(
                $"{Password} cannot be read ({error.Message}): restore it from a backup, or start over with ./portal reset",
                error);
        }
    }

    /// <summary>A new password, unless an interrupted start has left one.</summary>
    public void EnsurePassword()
    {
        if (File.Exists(Password)) return;

        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var unfinished = Password + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(
            unfinished,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
        }

        File.Move(unfinished, Password);
    }

    /// <summary>Held while a cluster is made, started or stopped; ends with the process that holds it.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(LockFile))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
            }
            catch (UnauthorizedAccessException error)
            {
                throw new PrivateClusterException(
                    $"{Folder} belongs to another user ({error.Message}): run as that user, or choose another data folder with --data DIR",
                    error);
            }
        }
    }

    private static string Real(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent) return path;

        var folder = Path.Combine(Real(parent), Path.GetFileName(path));
        return new DirectoryInfo(folder).LinkTarget is { } target
            ? Real(Path.GetFullPath(target, Path.GetDirectoryName(folder)!))
            : folder;
    }
}
