using System.Diagnostics;
using System.Globalization;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Who runs the repositories' code. A portal that is root hands it to <c>portal-jobs</c>, a system user that owns
/// nothing but the folders given to it; any other portal can only run it as itself.
/// </summary>
/// <param name="Uid">Null: no other user than the portal's own.</param>
internal sealed record JobUser(string Name, uint? Uid, uint? Gid)
{
    public const string SystemName = "portal-jobs";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, JobUser> Found = new(StringComparer.Ordinal);

    /// <summary>False: repository code runs with all the rights of the portal's user. Pages say so.</summary>
    public bool IsSeparate => Uid is not null;

    /// <summary>One sentence for a page.</summary>
    public string Description => IsSeparate
        ? $"Jobs and environments run as the system user {Name}."
        : $"Jobs and environments run as you ({Name}), with all your rights: the portal is not root, so it cannot give "
            + "them a user of their own.";

    /// <summary>The user of that name; made when it is missing. A portal that is not root gets itself.</summary>
    public static JobUser Get(string name = SystemName)
    {
        lock (Gate)
        {
            if (!Found.TryGetValue(name, out var user)) Found[name] = user = Find(name);
            return user;
        }
    }

    /// <summary>Gives a file or folder (not what lies in it) to the user. Links are not followed.</summary>
    public void Own(string path)
    {
        if (Uid is not { } uid || Gid is not { } gid) return;
        if (Native.ChangeOwner(path, uid, gid) != 0) throw new IOException($"Cannot give '{path}' to {Name}.");
    }

    /// <summary>
    /// Whether the user can walk down to what lies in a folder. One that is the portal's own user gets wherever the
    /// portal gets.
    /// </summary>
    public bool CanEnter(string folder)
    {
        if (!IsSeparate || OperatingSystem.IsWindows()) return true;
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (!at.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
        }

        return true;
    }

    /// <summary>Makes a folder that only the user (and root) may enter.</summary>
    public void MakePrivateFolder(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Own(path);
    }

    /// <summary>
    /// Gives a whole tree to the user. Only for trees that the user could not write to before: see the README on hard
    /// links.
    /// </summary>
    public void OwnTree(string folder)
    {
        if (!IsSeparate) return;
        Own(folder);
        var everything = new EnumerationOptions
        {
            RecurseSubdirectories = false, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false,
        };
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(folder)]);
        while (open.TryPop(out var directory))
        {
            foreach (var entry in directory.EnumerateFileSystemInfos("*", everything))
            {
                Own(entry.FullName);
                if (entry is DirectoryInfo child && child.LinkTarget is null) open.Push(child);
            }
        }
    }

    private static JobUser Find(string name)
    {
        if (Native.CurrentUser() != 0) return new JobUser(Environment.UserName, null, null);
        if (Look(name) is { } there) return there;
        var start = new ProcessStartInfo("useradd")
        {
            ArgumentList =
            {
                "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell",
                "/usr/sbin/nologin",
                "--comment", "Jobs and environments of the portal", name,
            },
            RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new IOException("useradd did not start.");
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        // Another portal on this machine may have been faster: what counts is that the user is there.
        return Look(name) ?? throw new IOException(
            $"Cannot make the user {name} that runs jobs: {error.Trim()}. Make it with: useradd --system {name}");
    }

    private static JobUser? Look(string name)
    {
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length < 4 || fields[0] != name) continue;
            return new JobUser(
                name, uint.Parse(fields[2], CultureInfo.InvariantCulture),
                uint.Parse(fields[3], CultureInfo.InvariantCulture));
        }

        return null;
    }
}
