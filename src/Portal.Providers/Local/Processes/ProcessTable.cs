using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portal.Providers.Local.Processes;

/// <summary>Reads <c>/proc</c>.</summary>
internal static class ProcessTable
{
    public const string TagVariable = "PORTAL_RUN_ID";

    /// <summary>
    /// Living processes that carry the tag in their environment; with <paramref name="prefix"/> every tag that starts
    /// with it.
    /// </summary>
    public static List<int> FindByTag(string tag, bool prefix = false)
    {
        var wanted = Encoding.UTF8.GetBytes(prefix ? $"{TagVariable}={tag}" : $"{TagVariable}={tag}\0");
        return [.. All().Where(
            pid => pid != Environment.ProcessId && Contains(ReadEnvironment(pid), wanted) && IsAlive(pid))];
    }

    /// <summary>Whether the process carries the tag.</summary>
    public static bool HasTag(int pid, string tag) =>
        Contains(ReadEnvironment(pid), Encoding.UTF8.GetBytes($"{TagVariable}={tag}\0"));

    /// <summary>The namespace in which the process's number is counted; null when it is gone.</summary>
    public static string? Namespace(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Living processes of a namespace.</summary>
    public static List<int> InNamespace(string name) => [.. All().Where(pid => Namespace(pid) == name && IsAlive(pid))];

    /// <summary>Those that the first thread of a process has started.</summary>
    public static List<int> Children(int pid)
    {
        try
        {
            var listed = $"/proc/{pid}/task/{pid}/children";
            // Not every kernel has it; looking at every process of the machine takes some milliseconds.
            return File.Exists(listed)
                ? [.. File.ReadAllText(listed).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(c => int.Parse(c, CultureInfo.InvariantCulture))]
                : [.. All().Where(child => Parent(child) == pid)];
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return [];
        }
    }

    /// <summary>
    /// Waits for the first child of a process that will have one; its own number when it ends without.
    /// </summary>
    public static async Task<int> FirstChildAsync(Process process)
    {
        while (true)
        {
            if (Children(process.Id) is [var first, ..]) return first;
            if (process.HasExited) return process.Id;
            await Task.Delay(TimeSpan.FromMilliseconds(2)).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// When it started, in the kernel's ticks since boot: together with the pid it names a process for good. Null when
    /// it is gone.
    /// </summary>
    public static long? StartTime(int pid) => Stat(pid) is { } fields && fields[0] is not ("Z" or "X")
        ? long.Parse(fields[19], CultureInfo.InvariantCulture)
        : null;

    /// <summary>Resident memory in bytes; 0 when it is gone.</summary>
    public static long ResidentBytes(int pid) => Stat(pid) is { } fields
        ? long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize
        : 0;

    public static bool IsAlive(int pid) => StartTime(pid) is not null;

    /// <summary>Whether anybody listens on a TCP port in the process's network.</summary>
    public static bool Listens(int pid, int port) => Listeners(pid, port).Count > 0;

    /// <summary>Whether the process itself does, and not another in its network.</summary>
    public static bool ListensItself(int pid, int port)
    {
        var listeners = Listeners(pid, port).Select(socket => $"socket:[{socket}]").ToHashSet(StringComparer.Ordinal);
        try
        {
            return listeners.Count > 0
                && new DirectoryInfo($"/proc/{pid}/fd").EnumerateFiles()
                .Any(f => f.LinkTarget is { } target && listeners.Contains(target));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The sockets that listen on a TCP port in the process's network, by their numbers.</summary>
    private static List<string> Listeners(int pid, int port)
    {
        const string listening = "0A";
        var wanted = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        try
        {
            return
            [
                .. ((string[])["tcp", "tcp6"]).Select(t => $"/proc/{pid}/net/{t}").Where(File.Exists)
                    .SelectMany(File.ReadLines)
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(fields => fields.Length > 9 && fields[3] == listening
                        && fields[1].EndsWith(wanted, StringComparison.Ordinal))
                    .Select(fields => fields[9]),
            ];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int? Parent(int pid) =>
        Stat(pid) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    private static IEnumerable<int> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(
                Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                yield return pid;
            }
        }
    }

    /// <summary>
    /// The fields of <c>/proc/PID/stat</c> from the state on: what stands before may hold blanks and parentheses.
    /// </summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static byte[] ReadEnvironment(int pid)
    {
        try
        {
            var path = $"/proc/{pid}/environ";
            var environment = File.ReadAllBytes(path);
            // While a process is in the middle of exec it shows none: look again, unless it is a thread of the kernel
            // or has really none.
            for (var again = 0;
                environment.Length == 0 && again < 10
                && Stat(pid) is { } fields && fields[0] is not ("Z" or "X") && fields[20] != "0";
                again++)
            {
#pragma warning disable RS0030 // A millisecond at most, in the middle of reading files.
                Thread.Sleep(TimeSpan.FromMilliseconds(again < 5 ? 0 : 1));
#pragma warning restore RS0030
                environment = File.ReadAllBytes(path);
            }

            return environment;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Only where a variable begins.</summary>
    private static bool Contains(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> wanted)
    {
        while (environment.IndexOf(wanted) is var at and >= 0)
        {
            if (at == 0 || environment[at - 1] == 0) return true;
            environment = environment[(at + 1)..];
        }

        return false;
    }
}
