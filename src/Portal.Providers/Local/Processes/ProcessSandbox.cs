using System.Diagnostics;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Runs commands of repositories: as the user of jobs, behind the walls of <see cref="Bubblewrap"/> where the machine
/// can make them, with limits, and with nothing of the portal's environment. The README beside this folder tells what
/// holds and what does not.
/// </summary>
internal sealed class ProcessSandbox(TimeProvider time, string jobUser = JobUser.SystemName)
{
    public JobUser User => JobUser.Get(jobUser);

    public Isolation Isolation { get => field ?? Isolation.Of(User); init; }

    /// <summary>Why a sandbox cannot have the network outside, and what to do; null when it can.</summary>
    public string? NetworkMissing { get => field ?? SandboxNetwork.Missing(User); init; }

    /// <summary>How long a process may take to end after SIGTERM.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Tools of the machine that a sandbox sees beside the system's own, as far as its user gets there.
    /// </summary>
    public IReadOnlyList<string> Tools { get; } = [.. Isolation.Tools.Where(JobUser.Get(jobUser).CanEnter)];

    public TimeProvider Time => time;

    /// <summary>In words, for pages.</summary>
    public string Description => Isolation is { Missing: { } why }
        ? $"{User.Description} They are not isolated from this machine: {why}."
        : $"Each job and environment has a sandbox of its own, as the user {User.Name}.";

    /// <summary>Makes the walls; commands run inside until it is ended.</summary>
    /// <exception cref="IOException">It could not be made.</exception>
    public async Task<Sandbox> OpenAsync(SandboxSpec spec, CancellationToken cancellation)
    {
        Check(spec);
        return Isolation.Works ? await WalledSandbox.OpenAsync(this, spec, cancellation) : new OpenSandbox(this, spec);
    }

    /// <summary>
    /// Starts a command that outlives the portal, in a sandbox of its own that ends with it. Its output is appended to
    /// <paramref name="logFile"/>, which stays the portal's own.
    /// </summary>
    /// <param name="run">Shell text of ours that runs the command, which is put where <c>{0}</c> stands.</param>
    public async Task<DetachedProcess> StartDetachedAsync(
        SandboxSpec spec, SandboxCommand command, string logFile, string run = "exec {0}")
    {
        Check(spec);
        File.Open(logFile, FileMode.Append).Dispose();
        var variables = LaunchChain.Variables(command, spec.Tag, spec.Home);
        using var process = Launch(
            spec, LaunchChain.WithLastStep(command, variables.Count, LimitsProcesses, run: run), variables,
            "log=$1; shift; exec >>\"$log\" 2>&1", [logFile], redirect: false,
            ControlGroup.Make(spec.Tag, spec.MemoryMiB, command.Limits.MaxProcesses, spec.Weight));
        var first = Isolation.Works ? await ProcessTable.FirstChildAsync(process) : process.Id;
        return new DetachedProcess(first, ProcessTable.StartTime(first) ?? 0, spec.Tag, Grace);
    }

    /// <summary>
    /// A process that an earlier portal started; null when it is gone or the pid belongs to another by now.
    /// </summary>
    public DetachedProcess? Adopt(int pid, long startTime, string runTag) =>
        ProcessTable.StartTime(pid) == startTime && ProcessTable.HasTag(pid, runTag)
            ? new DetachedProcess(pid, startTime, runTag, Grace) : null;

    /// <summary>Whether the number of processes can be limited without counting others of the same user.</summary>
    internal bool LimitsProcesses => Isolation.Works || User.IsSeparate;

    /// <summary>Starts what makes the walls, and inside them the command.</summary>
    /// <param name="output">
    /// Shell text of ours that says where output goes; may take arguments that stand in front.
    /// </param>
    internal Process Launch(
        SandboxSpec spec,
        IEnumerable<string> command, IReadOnlyDictionary<string, string>? variables, string output,
        IEnumerable<string> outputArguments,
        bool redirect,
        ControlGroup? group = null)
    {
        var router = spec.Denied is null ? [] : SandboxNetwork.Router;
        string[] walls = Isolation.Works
            ? [.. router, Bubblewrap.Tool, .. Bubblewrap.Arguments(spec, User, Tools), "--"] : [];
        var identity = Isolation.Works ? Bubblewrap.Identity(User, spec.Home) : "";
        return LaunchChain.Start(
            $"exec </dev/null; {group?.Join}{output}\n{identity}exec {LaunchChain.BecomeUser(User)} \"$@\"", [
                .. outputArguments, .. walls, .. command], spec.Tag, spec.Home, variables, redirect);
    }

    private static void Check(SandboxSpec spec)
    {
        if (spec.Tag.Length == 0 || !spec.Tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException($"'{spec.Tag}' is no run tag.", nameof(spec));
        }
    }
}
