namespace Portal.Providers.Local.Processes;

/// <summary>
/// A process that outlives the portal. Pid, start time and tag together name it for good: store the three and
/// <see cref="ProcessSandbox.Adopt"/> it after a restart. Behind walls it is the sandbox's first process, which ends
/// with the command.
/// </summary>
internal sealed class DetachedProcess(int id, long startTime, string runTag, TimeSpan grace)
{
    private readonly string? processes = ProcessTable.Namespace(id) is { } own
        && own != ProcessTable.Namespace(Environment.ProcessId) ? own : null;

    public int Id => id;

    /// <summary>In the kernel's ticks since boot.</summary>
    public long StartTime => startTime;

    public string RunTag => runTag;

    public bool IsRunning => startTime != 0 && ProcessTable.StartTime(id) == startTime;

    /// <summary>Memory of everything in its sandbox; without walls, of the process itself.</summary>
    public long ResidentBytes => !IsRunning ? 0
        : processes is null ? ProcessTable.ResidentBytes(id)
        : ProcessTable.InNamespace(processes).Sum(ProcessTable.ResidentBytes);

    /// <summary>Ends it with everything that carries its tag or is in its sandbox.</summary>
    public Task<int> EndAsync() => ProcessKiller.EndAsync(runTag, grace);
}
