namespace Portal.Web.Hosting;

/// <summary>
/// <c>Portal:Disk</c>: how much must be free on the disks of the data folder and of the private PostgreSQL.
/// </summary>
internal sealed class DiskOptions
{
    public const string Section = "Portal:Disk";

    /// <summary>MiB; below it the portal is not ready. 0 to 1048576.</summary>
    public int FullMiB { get; set; } = 100;

    /// <summary>MiB; below it the portal is degraded: it works, and will not for long. 0 to 1048576.</summary>
    public int LowMiB { get; set; } = 1024;
}

/// <summary>What is free where the portal writes.</summary>
/// <param name="Name">"data folder" or "database".</param>
internal sealed record DiskSpace(string Name, string Path, double FreeMiB)
{
    /// <summary>Of each folder, also where it does not exist yet.</summary>
    public static IReadOnlyList<DiskSpace> Of(DataFolder data) =>
        [Of("data folder", data.Path), Of("database", data.Postgres)];

    private static DiskSpace Of(string name, string path)
    {
        var folder = new DirectoryInfo(path);
        while (folder is { Exists: false, Parent: { } parent }) folder = parent;
        return new DiskSpace(name, path, new DriveInfo(folder.FullName).AvailableFreeSpace / 1048576.0);
    }
}
