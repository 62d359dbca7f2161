using System.Diagnostics;
using System.Globalization;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// How a command gets from the portal to a repository's code. Everything on the way is started by its absolute path, in
/// a fixed environment: the command's own variables travel under names that mean nothing to anybody, and take effect in
/// the last step, when the user, the namespaces and the limits are those of the sandbox.
/// </summary>
internal static class LaunchChain
{
    /// <summary>What the chain itself runs with.</summary>
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] Handed = ["PATH", "LANG", "TZ"];

    /// <summary>
    /// Starts <c>/bin/sh</c> with a text of ours. Its arguments are <paramref name="arguments"/>; what it makes of them
    /// is its business.
    /// </summary>
    public static Process Start(
        string script,
        IEnumerable<string> arguments, string tag, string home, IReadOnlyDictionary<string, string>? variables,
        bool redirect)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = "/", RedirectStandardOutput = redirect, UseShellExecute = false,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.ArgumentList.Add("portal-job");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = Path;
        // By these two a later portal, and the command that removes all data, find what is left.
        start.Environment[ProcessTable.TagVariable] = tag;
        start.Environment["HOME"] = home;
        if (variables is not null) Carry(start, variables);
        try
        {
            return Process.Start(start) ?? throw new IOException("The command did not start.");
        }
        catch (System.ComponentModel.Win32Exception failed)
        {
            throw new IOException($"The command did not start: {failed.Message}.", failed);
        }
    }

    /// <summary>Everything that a command sees.</summary>
    public static Dictionary<string, string> Variables(SandboxCommand command, string tag, string home)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Handed)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) made[name] = value;
        }

        made["HOME"] = home;
        foreach (var (name, value) in command.Environment) made[name] = value;
        made[ProcessTable.TagVariable] = tag;
        // Those that a process cannot have are left out.
        return made.Where(
            v => v.Key.Length > 0 && !v.Key.Contains('=') && !v.Key.Contains('\0') && !v.Value.Contains('\0'))
            .ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
    }

    /// <summary>To the user of jobs, where there is one, and to nothing more in either case.</summary>
    public static string BecomeUser(JobUser user)
    {
        var identity = user.IsSeparate
            ? string.Create(CultureInfo.InvariantCulture, $"--reuid={user.Uid} --regid={user.Gid} --clear-groups ")
            : "";
        return $"/usr/bin/setsid /usr/bin/setpriv {identity}--no-new-privs --inh-caps=-all --";
    }

    /// <summary>
    /// The last step, which runs as the command's own user behind whatever walls there are: limits, folder, variables,
    /// command. Its arguments are the folder and the command.
    /// </summary>
    /// <param name="before">Shell text of ours in front; what it takes of the arguments it shifts away.</param>
    /// <param name="run">Shell text of ours that runs the command, which is put where <c>{0}</c> stands.</param>
    private static string LastStep(
        ProcessLimits limits, int variables, bool limitProcesses, string before = "", string run = "exec {0}")
    {
        var cpu = limits.CpuSeconds is { } seconds ? Invariant($"ulimit -t {seconds}; ") : "";
        var processes = limitProcesses ? Invariant($"ulimit -p {limits.MaxProcesses} 2>/dev/null; ") : "";
        var carried = string.Concat(Enumerable.Range(0, variables).Select(i => Invariant($"\"$PORTAL_V{i}\" ")));
        // The command is handed on by nice, not by env, which would take a name with '=' in it for one more variable.
        var command = Invariant($"/usr/bin/env -i -- {carried}/usr/bin/nice -n {limits.Niceness} \"$@\"");
        // -f counts blocks of 512 bytes. The higher OOM score: when memory runs out a job goes, not the portal or its
        // database.
        return Invariant($"umask 022; {{ echo 500 >/proc/self/oom_score_adj; }} 2>/dev/null; ulimit -c 0; ")
            + Invariant($"ulimit -f {limits.MaxFileSizeMiB * 2048L}; ")
            + Invariant($"ulimit -n {limits.MaxOpenFiles} 2>/dev/null; {cpu}{processes}{before}")
            + "cd -- \"$1\" 2>/dev/null || { echo \"There is no folder '$1' to run in.\"; exit 126; }; shift; "
            + run.Replace("{0}", command, StringComparison.Ordinal);
    }

    /// <summary>
    /// The command with its last step in front, which gets the variables that <see cref="Start"/> carries.
    /// </summary>
    public static string[] WithLastStep(
        SandboxCommand command, int variables, bool limitProcesses, string before = "", string run = "exec {0}") =>
    [
        "/bin/sh", "-c", LastStep(command.Limits, variables, limitProcesses, before + command.Before, run),
        "portal-job",
        .. command.BeforeArguments, command.WorkingFolder, .. command.Command,
    ];

    private static void Carry(ProcessStartInfo start, IReadOnlyDictionary<string, string> variables)
    {
        var at = 0;
        foreach (var (name, value) in variables) start.Environment[Invariant($"PORTAL_V{at++}")] = $"{name}={value}";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
