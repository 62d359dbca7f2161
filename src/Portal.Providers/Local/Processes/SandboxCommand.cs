namespace Portal.Providers.Local.Processes;

/// <summary>A command to run in the sandbox.</summary>
/// <param name="RunTag">
/// Set as <c>PORTAL_RUN_ID</c> and as <see cref="RunMark"/>, and inherited by everything that the command starts: by it the last child is found. Letters, digits, dots, dashes.
/// </param>
/// <param name="Home">Its HOME, owned by the job user.</param>
/// <param name="Environment">Everything that it sees beside PATH, LANG, TZ, HOME and the tag; wins over those but the tag.</param>
internal sealed record SandboxCommand(
    IReadOnlyList<string> Command, string WorkingFolder, string Home, string RunTag, IReadOnlyDictionary<string, string> Environment)
{
    public ProcessLimits Limits { get; init; } = ProcessLimits.Default;

    /// <summary>How many bytes of output are handed on; the rest is read and dropped, and a last line says so.</summary>
    public long MaxOutputBytes { get; init; } = 20L << 20;
}

/// <summary>Resource limits of each process, not of the sum.</summary>
/// <param name="MaxFileSizeMiB">Of one written file.</param>
/// <param name="CpuSeconds">Processor time of one process; null for no limit.</param>
/// <param name="MaxProcesses">Of the job user altogether; not set when the jobs run as the portal's own user, whose other processes count too.</param>
internal sealed record ProcessLimits(int MaxFileSizeMiB, int MaxOpenFiles, int? CpuSeconds, int MaxProcesses, int Niceness)
{
    public static ProcessLimits Default { get; } = new(4096, 8192, null, 4096, 5);
}

internal enum ProcessEnd { Exited, TimedOut, Cancelled }

/// <param name="Code">The exit code; 128 + the signal's number when it was killed.</param>
internal sealed record ProcessExit(int Code, ProcessEnd End)
{
    public bool Succeeded => End == ProcessEnd.Exited && Code == 0;
}
