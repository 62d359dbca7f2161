using System.Globalization;
using System.Reflection;

namespace Portal.Core.Replicas;

/// <summary>Who this process is among the replicas.</summary>
/// <param name="Host">Machine, boot and process namespace: only there does the process id say whether it lives.</param>
/// <param name="ProcessId">With <paramref name="Host"/> and its start time it names one process for ever.</param>
public sealed record ReplicaIdentity(Guid Incarnation, string Name, string Host, int ProcessId, string Version)
{
    public static ReplicaIdentity Of(string name) => new(
        Guid.CreateVersion7(), name, ThisHost(), Environment.ProcessId,
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "unknown");

    /// <summary>
    /// Whether a process of this very host has ended for certain. Its id may be another's by now: then it counts as
    /// alive until its lease is over, which is only later.
    /// </summary>
    public bool IsGone(string host, int processId) =>
        host == Host && processId != ProcessId && Directory.Exists("/proc/self")
            && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}"));

    private static string ThisHost() => $"{Environment.MachineName}/{ReadBoot()}/{Link("/proc/self/ns/pid")}";

    private static string ReadBoot()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }

    private static string Link(string path) => File.Exists(path) ? new FileInfo(path).LinkTarget ?? "" : "";
}
