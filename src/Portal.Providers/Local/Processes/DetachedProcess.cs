namespace Portal.Providers.Local.Processes;

/// <summary>
/// A process that outlives the portal. Pid, start time and tag together name it for good: store the three and
/// <see cref="ProcessSandbox.Adopt"/> it after a restart.
/// </summary>
internal sealed class DetachedProcess(int id, long startTime, string runTag, TimeSpan grace)
{
    public int Id => id;

    /// <summary>In the kernel's ticks since boot.</summary>
    public long StartTime => startTime;

    public string RunTag => runTag;

    public bool IsRunning => ProcessTable.StartTime(id) == startTime;

    /// <summary>Memory of the process itself.</summary>
    public long ResidentBytes => IsRunning ? ProcessTable.ResidentBytes(id) : 0;

    /// <summary>Ends it with everything that carries its tag.</summary>
    public Task<int> EndAsync() => ProcessKiller.EndAsync(runTag, grace);
}
