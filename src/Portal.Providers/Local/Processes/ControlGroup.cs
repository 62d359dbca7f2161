using System.Globalization;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Limits of a whole sandbox by the kernel: memory, processes, share of the processor. Only where the portal is root
/// and may make control groups (of either version); elsewhere <see cref="ProcessLimits"/> and a look twice a second
/// have to do.
/// </summary>
internal sealed class ControlGroup
{
    private const string Root = "/sys/fs/cgroup";
    private const string Parent = "portal-jobs";

    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);
    private static readonly bool IsUnified = File.Exists($"{Root}/cgroup.controllers");

    private static long sweptAt = -(long)TimeSpan.FromDays(1).TotalMilliseconds;

    private readonly string[] folders;

    private ControlGroup(string[] folders) => this.folders = folders;

    /// <summary>Shell text by which a process of root's joins.</summary>
    public string Join => string.Concat(folders.Select(f => $"echo $$ >{f}/cgroup.procs 2>/dev/null; "));

    /// <summary>Whether the kernel ended a process of it because all together had no memory left.</summary>
    public bool RanOutOfMemory =>
        folders.Select(f => Path.Combine(f, IsUnified ? "memory.events" : "memory.oom_control")).Where(File.Exists)
        .SelectMany(File.ReadLines).Any(l => l.StartsWith("oom_kill ", StringComparison.Ordinal) && l != "oom_kill 0");

    /// <summary>Null where there are none.</summary>
    /// <param name="weight">Of the processor, when it is scarce; the rest of the machine has 100.</param>
    public static ControlGroup? Make(string name, int memoryMiB, int processes, int weight)
    {
        if (Native.CurrentUser() != 0) return null;
        try
        {
            SweepNowAndThen();
            var memory = ((long)memoryMiB << 20).ToString(CultureInfo.InvariantCulture);
            var number = processes.ToString(CultureInfo.InvariantCulture);
            if (!IsUnified)
            {
                return new ControlGroup(
                [
                    MakeOne($"{Root}/memory/{Parent}/{name}", ("memory.limit_in_bytes", memory)), MakeOne(
                        $"{Root}/pids/{Parent}/{name}", ("pids.max", number)),
                    MakeOne(
                        $"{Root}/cpu/{Parent}/{name}",
                        ("cpu.shares", (weight * 1024 / 100).ToString(CultureInfo.InvariantCulture))),
                ]);
            }

            const string controllers = "+cpu +memory +pids";
            Directory.CreateDirectory($"{Root}/{Parent}");
            File.WriteAllText($"{Root}/cgroup.subtree_control", controllers);
            File.WriteAllText($"{Root}/{Parent}/cgroup.subtree_control", controllers);
            return new ControlGroup(
            [
                MakeOne(
                    $"{Root}/{Parent}/{name}", ("memory.max", memory), ("memory.swap.max", "0"), ("pids.max", number),
                        ("cpu.weight", weight.ToString(CultureInfo.InvariantCulture))),
            ]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string MakeOne(string folder, params (string Name, string Value)[] values)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, value) in values)
        {
            // Swap is not accounted for on every machine.
            if (File.Exists(Path.Combine(folder, name))) File.WriteAllText(Path.Combine(folder, name), value);
        }

        return folder;
    }

    /// <summary>Beside what is being started: the kernel takes its time.</summary>
    private static void SweepNowAndThen()
    {
        var now = Environment.TickCount64;
        if (Interlocked.Read(ref sweptAt) is var last && now - last < Young.TotalMilliseconds) return;
        if (Interlocked.CompareExchange(ref sweptAt, now, last) == last) _ = Task.Run(Sweep);
    }

    /// <summary>
    /// Removes those in which nothing is left. The kernel refuses the others; those that were just made may still be
    /// joined.
    /// </summary>
    private static void Sweep()
    {
        var parents = IsUnified
            ? [$"{Root}/{Parent}"] : ((string[])["memory", "pids", "cpu"]).Select(c => $"{Root}/{c}/{Parent}");
        foreach (var folder in parents.Where(Directory.Exists).SelectMany(p => Directory.EnumerateDirectories(p)))
        {
            if (Directory.GetCreationTimeUtc(folder) > TimeProvider.System.GetUtcNow().UtcDateTime - Young) continue;
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception used) when (used is IOException or UnauthorizedAccessException)
            {
                // Somebody is in it.
            }
        }
    }
}
