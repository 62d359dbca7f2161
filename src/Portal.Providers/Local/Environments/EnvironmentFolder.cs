using Portal.Core.Providers;

namespace Portal.Providers.Local.Environments;

/// <summary>The folder of one environment.</summary>
internal sealed class EnvironmentFolder(string root)
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Root => root;

    public string Home => Path.Combine(root, "home");

    /// <summary>What the processes write; read from here into the log.</summary>
    public string Output => Path.Combine(root, "output.log");

    public string Log => Path.Combine(root, "log");

    /// <summary>What processes listen with, while they start: a folder for each start, its own.</summary>
    public string Doors => Path.Combine(root, "doors");

    /// <summary>
    /// Where the address leads to: sockets that were taken over from <see cref="Doors"/>, out of the processes' reach.
    /// </summary>
    public string Address => Path.Combine(root, "address");

    private string StateFile => Path.Combine(root, "state.json");

    public string Version(int number) => Path.Combine(root, "versions", number.ToString());

    public bool HasState => File.Exists(StateFile);

    public EnvironmentState? ReadState() => AtomicFile.ReadJson<EnvironmentState>(StateFile);

    public void WriteState(EnvironmentState state) => AtomicFile.WriteJson(StateFile, state);

    /// <summary>Folders that the job user may pass through; only HOME is its own.</summary>
    public void Make(Processes.JobUser user)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        Directory.CreateDirectory(root, Everybody);
        CheckThatItCanBeEntered(user);
        Directory.CreateDirectory(Path.Combine(root, "versions"), Everybody);
        MakeDoors();
        Directory.CreateDirectory(Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        user.MakePrivateFolder(Home);
        user.MakePrivateFolder(Path.Combine(Home, "tmp"));
    }

    /// <summary>Also for environments that an earlier version of the portal made.</summary>
    public void MakeDoors()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        Directory.CreateDirectory(Doors, Everybody);
        Directory.CreateDirectory(Address, Everybody);
    }

    /// <summary>
    /// A version's own copy of the artifact: the pipeline run may be removed, the environment goes on.
    /// </summary>
    public void Put(int number, string artifact, CancellationToken cancellation)
    {
        var target = Version(number);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Copy(new DirectoryInfo(artifact), target, cancellation);
    }

    public void RemoveVersion(int number)
    {
        var folder = Version(number);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Removes all versions but the one that serves.</summary>
    public void KeepOnly(int number)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(root, "versions")))
        {
            if (Path.GetFileName(folder) != number.ToString()) Directory.Delete(folder, recursive: true);
        }
    }

    public void Delete()
    {
        if (!Directory.Exists(root)) return;
        // Without a state it is no environment any more, also when the rest is removed only later.
        File.Delete(StateFile);
        Directory.Delete(root, recursive: true);
    }

    /// <summary>
    /// The job user must be able to walk down to its files. Better said now than as "no such file" by whatever is
    /// started.
    /// </summary>
    private void CheckThatItCanBeEntered(Processes.JobUser user)
    {
        if (!user.CanEnter(root))
        {
            throw ProviderException.Unavailable("data-folder-closed",
                $"{user.Name} cannot enter {root}, where environments lie: chmod o+x it and the folders above, or set "
                    + "Portal:Data to a folder that all users may enter.");
        }
    }

    private static void Copy(DirectoryInfo source, string target, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        Directory.CreateDirectory(target, Everybody);
        foreach (var entry
            in source.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
        {
            cancellation.ThrowIfCancellationRequested();
            var copy = Path.Combine(target, entry.Name);
            // A link is copied as a link: what it points at is looked up by the job user, with its rights.
            if (entry.LinkTarget is { } link) File.CreateSymbolicLink(copy, link);
            else if (entry is DirectoryInfo folder) Copy(folder, copy, cancellation);
            else CopyFile((FileInfo)entry, copy);
        }
    }

    private static void CopyFile(FileInfo file, string copy)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        file.CopyTo(copy);
        var mode = file.UnixFileMode & UnixFileMode.UserExecute;
        File.SetUnixFileMode(
            copy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                | (mode == UnixFileMode.None
                    ? UnixFileMode.None
                    : UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
    }
}
