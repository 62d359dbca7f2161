using System.Globalization;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// The walls of a sandbox, as arguments of bubblewrap: namespaces of its own for users, processes, mounts, IPC, host
/// name and network; of the machine's files the system's programs read-only and the folders of the specification. It
/// runs as the user of jobs, so that no step of making the walls has any right that could be taken from it.
/// </summary>
internal static class Bubblewrap
{
    public const string Tool = "/usr/bin/bwrap";

    private const int SharedMemoryMiB = 256;

    /// <summary>
    /// Of <c>/etc</c> what programs need to run: libraries, certificates, time zone, names of ports. No user, password,
    /// key or setting of anything that runs on this machine.
    /// </summary>
    private static readonly string[] Settings =
    [
        "alternatives", "bash.bashrc", "ca-certificates*", "debian_version", "dotnet", "fonts", "gai.conf", "host.conf",
        "hosts", "inputrc", "java-*",
        "ld.so.cache", "ld.so.conf*", "localtime", "lsb-release", "magic", "mime.types", "nsswitch.conf", "os-release",
        "perl", "pki", "profile",
        "protocols", "python3*", "services", "shells", "ssl", "terminfo", "timezone",
    ];

    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom"];

    /// <summary>Those that a distribution has as links into /usr are links inside, too.</summary>
    private static readonly string[] Systems = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    /// <summary>
    /// Shell text that makes <c>/etc/resolv.conf</c>, <c>/etc/passwd</c> and <c>/etc/group</c> of the sandbox, as the
    /// open files 7 to 9: of the machine's name servers there is one that stands for them, and of its users nobody but
    /// that of jobs.
    /// </summary>
    public static string Identity(JobUser user, string home)
    {
        var (uid, gid) = Ids(user);
        var at = home.Any(c => c is ':' or '\n') ? "/nonexistent" : home;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            exec 7<<'RESOLVE' 8<<'PASSWD' 9<<'GROUP'
            nameserver {SandboxNetwork.NameServer}
            RESOLVE
            root:x:0:0:root:/nonexistent:/usr/sbin/nologin
            nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
            {user.Name}:x:{uid}:{gid}::{at}:/bin/bash
            PASSWD
            root:x:0:
            nogroup:x:65534:
            {user.Name}:x:{gid}:
            GROUP

            """);
    }

    /// <summary>After <see cref="Identity"/> in the same shell.</summary>
    public static List<string> Arguments(SandboxSpec spec, JobUser user, IReadOnlyList<string> tools)
    {
        var made = new List<string>
        {
            "--unshare-user", "--unshare-net", "--unshare-ipc", "--unshare-pid", "--unshare-uts",
            "--unshare-cgroup-try", "--hostname", "sandbox",
        };
        if (spec.Denied is not null) made.AddRange(BackFromRoot(user));
        // No terminal: what a job writes into one would be typed by whoever started the portal.
        made.AddRange(["--new-session", "--ro-bind", "/usr", "/usr"]);
        foreach (var folder in Systems) AddSystem(made, folder);
        foreach (var name in Settings.SelectMany(s => Directory.EnumerateFileSystemEntries("/etc", s)))
        {
            made.AddRange(["--ro-bind-try", name, name]);
        }
        if (spec.Denied is not null) made.AddRange(["--perms", "0644", "--ro-bind-data", "7", "/etc/resolv.conf"]);
        made.AddRange(
            [
                "--perms", "0644", "--ro-bind-data", "8", "/etc/passwd", "--perms", "0644", "--ro-bind-data", "9",
                "/etc/group"]);
        foreach (var tool in tools) made.AddRange(["--ro-bind-try", tool, tool]);
        made.AddRange(["--proc", "/proc"]);
        // No pseudo-terminals: making them needs a second user namespace, which could not be entered again.
        foreach (var device in Devices) made.AddRange(["--dev-bind", $"/dev/{device}", $"/dev/{device}"]);
        made.AddRange(["--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/proc/self/fd/0", "/dev/stdin"]);
        made.AddRange(["--symlink", "/proc/self/fd/1", "/dev/stdout", "--symlink", "/proc/self/fd/2", "/dev/stderr"]);
        made.AddRange(
            [
                "--perms", "1777", "--size", (SharedMemoryMiB << 20).ToString(CultureInfo.InvariantCulture), "--tmpfs",
                "/dev/shm"]);
        // Runtimes size their caches by it.
        made.AddRange(["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"]);
        made.AddRange(["--bind", spec.Temp, "/tmp", "--bind", spec.Temp, "/var/tmp"]);
        foreach (var folder in spec.Folders)
        {
            made.AddRange([folder.Writable ? "--bind" : "--ro-bind", folder.Path, folder.Inside ?? folder.Path]);
        }
        made.AddRange(["--remount-ro", "/", "--chdir", "/"]);
        return made;
    }

    /// <summary>Behind the router the user of jobs is called root.</summary>
    private static string[] BackFromRoot(JobUser user)
    {
        var (uid, gid) = Ids(user);
        return [
            "--uid", uid.ToString(CultureInfo.InvariantCulture), "--gid", gid.ToString(CultureInfo.InvariantCulture),
            "--cap-drop", "ALL"];
    }

    private static (uint User, uint Group) Ids(JobUser user) =>
        (user.Uid ?? Native.CurrentUser(), user.Gid ?? Native.CurrentGroup());

    private static void AddSystem(List<string> made, string folder)
    {
        if (new DirectoryInfo(folder) is not { Exists: true } there) return;
        if (there.LinkTarget is { } target) made.AddRange(["--symlink", target, folder]);
        else made.AddRange(["--ro-bind", folder, folder]);
    }
}
