using System.Globalization;
using System.Text;

namespace Portal.Providers.Local.Processes;

/// <summary>Reads <c>/proc</c>.</summary>
internal static class ProcessTable
{
    public const string TagVariable = "PORTAL_RUN_ID";

    /// <summary>
    /// Living processes that carry the tag, in their environment or as a <see cref="RunMark"/>; with <paramref name="prefix"/> every tag
    /// that starts with it.
    /// </summary>
    public static List<int> FindByTag(string tag, bool prefix = false)
    {
        var wanted = Encoding.UTF8.GetBytes(prefix ? $"{TagVariable}={tag}" : $"{TagVariable}={tag}\0");
        var mark = RunMark.Of(prefix ? tag.TrimEnd('.') + ".0" : tag);
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            var name = Path.GetFileName(folder.AsSpan());
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid == Environment.ProcessId) continue;
            if ((Contains(ReadEnvironment(pid), wanted) || (RunMark.CanGive && RunMark.Of(pid)?.Matches(mark, prefix) == true)) && IsAlive(pid)) found.Add(pid);
        }

        return found;
    }

    /// <summary>Whether the process carries the tag.</summary>
    public static bool HasTag(int pid, string tag) =>
        Contains(ReadEnvironment(pid), Encoding.UTF8.GetBytes($"{TagVariable}={tag}\0")) || (RunMark.CanGive && RunMark.Of(pid) == RunMark.Of(tag));

    /// <summary>When it started, in the kernel's ticks since boot: together with the pid it names a process for good. Null when it is gone.</summary>
    public static long? StartTime(int pid) => Stat(pid) is { } fields && fields[0] is not ("Z" or "X")
        ? long.Parse(fields[19], CultureInfo.InvariantCulture)
        : null;

    /// <summary>Resident memory in bytes; 0 when it is gone.</summary>
    public static long ResidentBytes(int pid) => Stat(pid) is { } fields
        ? long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize
        : 0;

    public static bool IsAlive(int pid) => StartTime(pid) is not null;

    /// <summary>The fields of <c>/proc/PID/stat</c> from the state on: what stands before may hold blanks and parentheses.</summary>
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
            // While a process is in the middle of exec it shows none: look again, unless it is a thread of the kernel or has really none.
            for (var again = 0; environment.Length == 0 && again < 10 && Stat(pid) is { } fields && fields[0] is not ("Z" or "X") && fields[20] != "0"; again++)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(again < 5 ? 0 : 1));
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
