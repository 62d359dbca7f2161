using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// Ends a job that takes more of the machine than it may: memory of all its processes together, or the last of the
/// disk.
/// </summary>
internal static class JobWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    public static string TooMuchMemory(LocalPipelineOptions options) =>
        $"its processes used more than the {options.MaxJobMemoryMiB} MiB of memory that are allowed";

    /// <summary>Looks until it is told to stop. Why the sandbox was ended; null when it was not.</summary>
    public static async Task<string?> WatchAsync(
        Sandbox sandbox, LocalPipelineOptions options, string folder, CancellationToken stop)
    {
        var disk = new DriveInfo(folder);
        while (true)
        {
            await Task.Delay(Every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return null;
            var memory = sandbox.ResidentBytes >> 20;
            var why = memory > options.MaxJobMemoryMiB || sandbox.RanOutOfMemory ? TooMuchMemory(options)
                : disk.AvailableFreeSpace >> 20 < options.MinFreeDiskMiB ? $"less than {options.MinFreeDiskMiB} MiB "
                    + "are left on the portal's disk"
                : null;
            if (why is null) continue;
            await sandbox.EndAsync();
            return why;
        }
    }
}
