using System.Diagnostics;
using Portal.Web.Commands;

namespace Portal.Web.Tests.Commands;

public sealed class FolderRemovalTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("portal-removal-").FullName;
    private readonly List<string> mounted = [];

    private string Data => Path.Combine(root, "data");

    public void Dispose()
    {
        foreach (var folder in mounted) Run("umount", folder);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void Remove_Folder_IsGone()
    {
        Fill(Data);

        Assert.Null(FolderRemoval.Remove(Data, Marker));

        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public void Remove_MountPoint_IsEmptiedAndStays()
    {
        Mount(Data);
        Fill(Data);

        Assert.Contains("mount point", FolderRemoval.Remove(Data, Marker), StringComparison.Ordinal);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Data));
    }

    [Fact]
    public void Remove_FolderWithAMountPointInside_EmptiesThatToo()
    {
        Directory.CreateDirectory(Data);
        var inside = Path.Combine(Data, "postgres", "a disk");
        Mount(inside);
        Fill(Data);
        Fill(inside);

        Assert.NotNull(FolderRemoval.Remove(Data, Marker));

        Assert.Empty(Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories));
        Assert.Equal(
            [Path.Combine(Data, "postgres"), inside],
            Directory.EnumerateDirectories(Data, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Remove_LinkToTheFolder_EmptiesWhatItLeadsTo()
    {
        var real = Path.Combine(root, "real");
        Fill(real);
        Directory.CreateSymbolicLink(Data, real);

        Assert.NotNull(FolderRemoval.Remove(Data, Marker));

        Assert.Empty(Directory.EnumerateFileSystemEntries(real));
    }

    /// <summary>What a link inside leads to is somebody else's.</summary>
    [Fact]
    public void Remove_LinkInside_LeavesWhatItLeadsTo()
    {
        var other = Path.Combine(root, "other");
        Fill(other);
        Fill(Data);
        Directory.CreateSymbolicLink(Path.Combine(Data, "link"), other);

        Assert.Null(FolderRemoval.Remove(Data, Marker));

        Assert.True(File.Exists(Path.Combine(other, "folder", "file")));
    }

    private string Marker => Path.Combine(Data, ".portal");

    private static void Fill(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "folder"));
        File.WriteAllText(Path.Combine(folder, ".portal"), "");
        File.WriteAllText(Path.Combine(folder, "folder", "file"), "");
    }

    private void Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "none", folder),
            "nothing can be mounted here");
        mounted.Add(folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
