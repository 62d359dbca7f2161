namespace Portal.Providers.Local.Processes;

/// <summary>A command to run in a sandbox.</summary>
/// <param name="WorkingFolder">Entered by the command's user, inside.</param>
/// <param name="Environment">
/// Everything that it sees beside PATH, LANG, TZ, HOME and the tag; wins over those but the tag.
/// </param>
internal sealed record SandboxCommand(
    IReadOnlyList<string> Command, string WorkingFolder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>
    /// Shell text of ours that runs in front of it, as its user, with <see cref="BeforeArguments"/>, which it shifts
    /// away.
    /// </summary>
    public string Before { get; init; } = "";

    public IReadOnlyList<string> BeforeArguments { get; init; } = [];

    public ProcessLimits Limits { get; init; } = ProcessLimits.Default;

    /// <summary>
    /// How many bytes of output are handed on; the rest is read and dropped, and a last line says so.
    /// </summary>
    public long MaxOutputBytes { get; init; } = 20L << 20;
}

/// <summary>Resource limits of each process; <see cref="MaxProcesses"/> is of a whole sandbox.</summary>
/// <param name="MaxFileSizeMiB">Of one written file.</param>
/// <param name="CpuSeconds">Processor time of one process; null for no limit.</param>
/// <param name="MaxProcesses">
/// Processes and threads. The kernel counts them by user and namespace, so each sandbox has its own; without one it is
/// not set where jobs run as the portal's own user, whose other processes would count too.
/// </param>
internal sealed record ProcessLimits(
    int MaxFileSizeMiB, int MaxOpenFiles, int? CpuSeconds, int MaxProcesses, int Niceness)
{
    public static ProcessLimits Default { get; } = new(4096, 8192, null, 2048, 10);
}

internal enum ProcessEnd { Exited, TimedOut, Cancelled }

/// <param name="Code">The exit code; 128 + the signal's number when it was killed.</param>
internal sealed record ProcessExit(int Code, ProcessEnd End)
{
    public bool Succeeded => End == ProcessEnd.Exited && Code == 0;
}
