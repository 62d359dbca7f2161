namespace Portal.Providers.Local.Pipelines;

/// <summary>How this machine runs pipelines: section <c>Portal:Providers:local:Pipelines</c>.</summary>
public sealed class LocalPipelineOptions
{
    /// <summary>How many jobs run at the same time on this machine, 1 to 64.</summary>
    public int MaxRunningJobs { get; set; } = 2;

    /// <summary>
    /// The longest that a whole run may take, in minutes, 1 to 1440. Waiting for a free place does not count.
    /// </summary>
    public int RunTimeoutMinutes { get; set; } = 30;

    /// <summary>How many finished runs of a repository are kept with log and artifacts, 5 to 1000.</summary>
    public int KeepRuns { get; set; } = 50;

    /// <summary>Largest log of one run, in MiB, 1 to 200.</summary>
    public int MaxLogMiB { get; set; } = 20;

    /// <summary>Largest sum of the artifacts of one run, in MiB, 1 to 10240.</summary>
    public int MaxArtifactsMiB { get; set; } = 1024;

    /// <summary>
    /// Memory of all processes of one job together, in MiB, 128 to 1048576. A job that takes more is ended.
    /// </summary>
    public int MaxJobMemoryMiB { get; set; } = 4096;

    /// <summary>Largest file that a job may write, in MiB, 1 to 1048576.</summary>
    public int MaxFileSizeMiB { get; set; } = 4096;

    /// <summary>
    /// When less than this is left on the disk of the provider's folder, in MiB, 0 to 1048576, running jobs are ended.
    /// </summary>
    public int MinFreeDiskMiB { get; set; } = 512;

    internal IEnumerable<string> Failures(string key)
    {
        if (MaxRunningJobs is < 1 or > 64) yield return $"{key}:MaxRunningJobs is {MaxRunningJobs}: give 1 to 64";
        if (RunTimeoutMinutes is < 1 or > 1440)
        {
            yield return $"{key}:RunTimeoutMinutes is {RunTimeoutMinutes}: give 1 to 1440";
        }
        if (KeepRuns is < 5 or > 1000) yield return $"{key}:KeepRuns is {KeepRuns}: give 5 to 1000";
        if (MaxLogMiB is < 1 or > 200) yield return $"{key}:MaxLogMiB is {MaxLogMiB}: give 1 to 200";
        if (MaxJobMemoryMiB is < 128 or > 1048576)
        {
            yield return $"{key}:MaxJobMemoryMiB is {MaxJobMemoryMiB}: give 128 to 1048576";
        }
        if (MaxFileSizeMiB is < 1 or > 1048576)
        {
            yield return $"{key}:MaxFileSizeMiB is {MaxFileSizeMiB}: give 1 to 1048576";
        }
        if (MinFreeDiskMiB is < 0 or > 1048576)
        {
            yield return $"{key}:MinFreeDiskMiB is {MinFreeDiskMiB}: give 0 to 1048576";
        }
        if (MaxArtifactsMiB is < 1 or > 10240)
        {
            yield return $"{key}:MaxArtifactsMiB is {MaxArtifactsMiB}: give 1 to 10240";
        }
    }
}
