using System.Collections.Concurrent;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Whether this machine can put a repository's code behind walls: found out once, by making a sandbox.
/// <see cref="Bubblewrap"/> tells what the walls are.
/// </summary>
/// <param name="Missing">Why not, and what to do; null when it works.</param>
internal sealed record Isolation(string? Missing)
{
    public const string SocketTool = "/usr/bin/socat";
    public const string EnterTool = "/usr/bin/nsenter";

    private static readonly ConcurrentDictionary<string, Lazy<Isolation>> Found = new(StringComparer.Ordinal);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public bool Works => Missing is null;

    /// <summary>
    /// Folders of tools that lie elsewhere than the system's: a .NET SDK or a Node.js in somebody's home.
    /// </summary>
    public static IReadOnlyList<string> Tools { get; } = [.. FindTools()];

    public static Isolation Of(JobUser user) =>
        Found.GetOrAdd(user.Name, _ => new Lazy<Isolation>(() => new Isolation(Try(user)))).Value;

    private static string? Try(JobUser user)
    {
        if (!File.Exists(Bubblewrap.Tool)) return "bubblewrap is not installed: apt-get install bubblewrap";
        if (!File.Exists(EnterTool)) return "nsenter is not installed: apt-get install util-linux";
        var folder = Directory.CreateTempSubdirectory("portal-isolation-").FullName;
        try
        {
            user.Own(folder);
            var spec = new SandboxSpec("isolation-check", "/tmp", folder, []);
            using var process = LaunchChain.Start(
                $"exec </dev/null 2>&1; {Bubblewrap.Identity(user, "/tmp")}exec {LaunchChain.BecomeUser(user)} \"$@\"",
                [
                    Bubblewrap.Tool, .. Bubblewrap.Arguments(spec, user, []), "--",
                    "/bin/true"], spec.Tag, spec.Home, null, redirect: true);
            var said = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return "bubblewrap does not answer";
            }

            return process.ExitCode == 0 ? null : Explain(said.GetAwaiter().GetResult());
        }
        catch (IOException failed)
        {
            return failed.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Explain(string said)
    {
        var line = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "bubblewrap failed";
        if (Reads("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"))
        {
            return $"{line}. AppArmor refuses user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0";
        }
        if (Reads("/proc/sys/kernel/unprivileged_userns_clone", "0"))
        {
            return $"{line}. User namespaces are off: sysctl kernel.unprivileged_userns_clone=1";
        }
        return Reads("/proc/sys/user/max_user_namespaces", "0")
            ? $"{line}. User namespaces are off: sysctl user.max_user_namespaces=10000"
            : $"{line}. In a container, user and mount namespaces must be allowed to it";
    }

    private static bool Reads(string file, string value) => File.Exists(file) && File.ReadAllText(file).Trim() == value;

    private static IEnumerable<string> FindTools()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries);
        foreach (var tool in (string[])["dotnet", "node", "python3", "java", "go"])
        {
            var path = paths.Select(p => Path.Combine(p, tool)).FirstOrDefault(File.Exists);
            if (path is null) continue;
            var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            foreach (var folder in (string[])[Folder(path), Folder(real)])
            {
                // The first level is no tool's own folder: /opt or a home would come along as a whole.
                if (!folder.StartsWith("/usr/", StringComparison.Ordinal) && folder.Count(c => c == '/') >= 2)
                {
                    found.Add(folder);
                }
            }
        }

        return found;
    }

    private static string Folder(string program)
    {
        var folder = Path.GetDirectoryName(program)!;
        return Path.GetFileName(folder) == "bin" ? Path.GetDirectoryName(folder)! : folder;
    }
}
