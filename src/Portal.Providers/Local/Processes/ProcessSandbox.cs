using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Starts commands of repositories: as the job user, in a session of their own, with limits, and with nothing of the portal's environment.
/// One chain of <c>exec</c> (sh, prlimit, setsid, nice, setpriv): the process that is returned is the command itself.
/// </summary>
internal sealed class ProcessSandbox(TimeProvider time, string jobUser = JobUser.SystemName)
{
    private static readonly string[] Handed = ["PATH", "LANG", "TZ"];

    public JobUser User => JobUser.Get(jobUser);

    /// <summary>How long a process may take to end after SIGTERM.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Starts the command; its output (both streams, in order) goes to <paramref name="line"/>, one call at a time.</summary>
    /// <exception cref="IOException">The working folder is not there.</exception>
    public SandboxedProcess Start(SandboxCommand command, Action<string> line)
    {
        var process = Launch(command, "2>&1", redirect: true);
        return new SandboxedProcess(process, command.RunTag, Grace, time, new OutputLines(line, command.MaxOutputBytes).ReadAsync(process.StandardOutput.BaseStream));
    }

    /// <summary>Runs the command to its end. When the time is up or the caller cancels, everything with its tag is ended.</summary>
    public async Task<ProcessExit> RunAsync(SandboxCommand command, Action<string> line, TimeSpan? timeout, CancellationToken cancellation)
    {
        using var process = Start(command, line);
        return await process.WaitAsync(timeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a command that outlives the portal. Its output is appended to <paramref name="logFile"/>, which stays the portal's own.
    /// </summary>
    public DetachedProcess StartDetached(SandboxCommand command, string logFile)
    {
        File.Open(logFile, FileMode.Append).Dispose();
        using var process = Launch(command, ">>\"$PORTAL_LOG\" 2>&1; unset PORTAL_LOG", redirect: false, logFile);
        var started = ProcessTable.StartTime(process.Id);
        return new DetachedProcess(process.Id, started ?? 0, command.RunTag, Grace);
    }

    /// <summary>A process that an earlier portal started; null when it is gone or the pid belongs to another by now.</summary>
    public DetachedProcess? Adopt(int pid, long startTime, string runTag) =>
        ProcessTable.StartTime(pid) == startTime && ProcessTable.HasTag(pid, runTag) ? new DetachedProcess(pid, startTime, runTag, Grace) : null;

    private Process Launch(SandboxCommand command, string output, bool redirect, string? logFile = null)
    {
        if (command.RunTag.Length == 0 || !command.RunTag.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException($"'{command.RunTag}' is no run tag.", nameof(command));
        }

        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = command.WorkingFolder, RedirectStandardOutput = redirect, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script(command.Limits, output, command.RunTag));
        start.ArgumentList.Add("portal-job");
        foreach (var part in command.Command) start.ArgumentList.Add(part);
        SetEnvironment(start, command, logFile);
        try
        {
            return Process.Start(start) ?? throw new IOException("The command did not start.");
        }
        catch (Win32Exception failed)
        {
            throw new IOException(Directory.Exists(command.WorkingFolder)
                ? $"The command did not start: {failed.Message}."
                : $"There is no folder '{command.WorkingFolder}' to run in.", failed);
        }
    }

    private static void SetEnvironment(ProcessStartInfo start, SandboxCommand command, string? logFile)
    {
        start.Environment.Clear();
        foreach (var name in Handed)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) start.Environment[name] = value;
        }

        start.Environment["HOME"] = command.Home;
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        start.Environment[ProcessTable.TagVariable] = command.RunTag;
        if (logFile is not null) start.Environment["PORTAL_LOG"] = logFile;
    }

    private string Script(ProcessLimits limits, string output, string tag)
    {
        var user = User;
        var cpu = limits.CpuSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"ulimit -t {seconds}; ") : "";
        var processes = user.IsSeparate ? string.Create(CultureInfo.InvariantCulture, $"ulimit -p {limits.MaxProcesses} 2>/dev/null; ") : "";
        var identity = user.IsSeparate
            ? string.Create(CultureInfo.InvariantCulture, $"--reuid={user.Uid} --regid={user.Gid} --clear-groups ")
            : "";
        var mark = RunMark.CanGive ? string.Create(CultureInfo.InvariantCulture, $"{RunMark.Tool} --rttime={RunMark.Of(tag).Value}:{RunMark.Of(tag).Value} ") : "";
        // -f counts blocks of 512 bytes. The higher OOM score: when memory runs out a job goes, not the portal or its database.
        return string.Create(CultureInfo.InvariantCulture,
            $"exec </dev/null {output}; umask 022; {{ echo 500 >/proc/$$/oom_score_adj; }} 2>/dev/null; ulimit -c 0; ulimit -f {limits.MaxFileSizeMiB * 2048L}; ")
            + string.Create(CultureInfo.InvariantCulture, $"ulimit -n {limits.MaxOpenFiles} 2>/dev/null; {cpu}{processes}")
            + string.Create(CultureInfo.InvariantCulture, $"exec {mark}setsid nice -n {limits.Niceness} setpriv {identity}--inh-caps=-all --no-new-privs -- \"$@\"");
    }
}
