using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// A sandbox of bubblewrap, kept open by a process that sleeps. Commands enter its namespaces. The namespaces are held
/// open by the portal from the moment in which the walls stood: so nobody can slip in others by ending the sleeper and
/// waiting for its number to be given out again.
/// </summary>
internal sealed class WalledSandbox : Sandbox
{
    private const string Ready = "ready";

    /// <summary>Ignores the polite signals, so that a command may send them to everybody.</summary>
    private const string Sleeper = $"trap '' TERM HUP INT; echo {Ready}; exec sleep infinity >/dev/null 2>&1";

    private static readonly (string Kind, string Option)[] Kinds =
        [
            ("user", "--user"), ("mnt", "--mount"), ("pid", "--pid"), ("net", "--net"), ("ipc", "--ipc"),
            ("uts", "--uts")];

    private static readonly int Network = Array.FindIndex(Kinds, k => k.Kind == "net");

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly int first;
    private readonly long firstStarted;
    private readonly int sleeper;
    private readonly long sleeperStarted;
    private readonly SafeFileHandle[] namespaces;
    private readonly string processes;
    private Task? ending;

    private readonly ControlGroup? group;
    private SandboxNetwork? network;

    private WalledSandbox(
        ProcessSandbox owner, SandboxSpec spec, ControlGroup? group, Process process, int first, int sleeper,
        SafeFileHandle[] namespaces)
        : base(owner, spec)
    {
        (this.group, this.process, this.first, this.sleeper, this.namespaces) = (
            group, process, first, sleeper, namespaces);
        firstStarted = ProcessTable.StartTime(first) ?? 0;
        sleeperStarted = ProcessTable.StartTime(sleeper) ?? 0;
        processes = ProcessTable.Namespace(first) ?? "";
    }

    /// <summary>Without the sleeper the first process is about to end, too.</summary>
    public override bool IsAlive =>
        IsThere && ProcessTable.StartTime(sleeper) is { } started && started == sleeperStarted;

    private bool IsThere => firstStarted != 0 && ProcessTable.StartTime(first) == firstStarted;

    public override bool RanOutOfMemory => group?.RanOutOfMemory == true;

    public override long ResidentBytes => ProcessTable.InNamespace(processes).Sum(ProcessTable.ResidentBytes);

    public static async Task<Sandbox> OpenAsync(ProcessSandbox owner, SandboxSpec spec, CancellationToken cancellation)
    {
        if (spec.Denied is not null && owner.NetworkMissing is { } missing)
        {
            throw new IOException(
                "Jobs are to have the network outside (Portal:Providers:local:Network), and this machine "
                    + $"cannot give it to them: {missing}.");
        }
        var group = ControlGroup.Make(spec.Tag, spec.MemoryMiB, ProcessLimits.Default.MaxProcesses, spec.Weight);
        var process = owner.Launch(spec, ["/bin/sh", "-c", Sleeper], null, "exec 2>&1", [], redirect: true, group);
        try
        {
            var said = await process.StandardOutput.ReadLineAsync(cancellation).AsTask()
                .WaitAsync(Patience, cancellation);
            if (said != Ready)
            {
                throw new IOException($"The sandbox could not be made: {said ?? "it ended without a word"}.");
            }
            var first = await ProcessTable.FirstChildAsync(process);
            var sleeper = ProcessTable.Children(first) is [var only]
                ? only : throw new IOException("The sandbox could not be made: it ended at once.");
            var made = new WalledSandbox(
                owner, spec, group, process, first, sleeper,
                [.. Kinds.Select(k => Native.OpenFile($"/proc/{sleeper}/ns/{k.Kind}"))]);
            if (spec.Denied is not null)
            {
                made.network = await SandboxNetwork.OpenAsync(
                    owner, spec, process.Id, made.namespaces[Network], group, cancellation);
            }
            return made;
        }
        catch
        {
            await ProcessKiller.EndAsync(spec.Tag, TimeSpan.Zero);
            process.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The first process is the parent of all: with it everything ends at once, whatever it is doing.
    /// </summary>
    public override Task EndAsync()
    {
        // Several may ask for it: its own step, and who looks after its memory.
        lock (namespaces) return ending ??= EndOnceAsync();
    }

    private async Task EndOnceAsync()
    {
        var clock = Stopwatch.StartNew();
        if (IsThere && HasOthers)
        {
            await AskToEndAsync();
            while (IsThere && HasOthers && clock.Elapsed < Owner.Grace) await Task.Delay(Look).ConfigureAwait(false);
        }

        if (IsThere) _ = Native.Kill(first, Native.SigKill);
        // bubblewrap waits for the first process, and that is gone only when all the others are.
        await process.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (clock.Restart(); IsThere;)
        {
            if (clock.Elapsed > Patience) throw new IOException($"The processes of '{Spec.Tag}' could not be ended.");
            await Task.Delay(Look).ConfigureAwait(false);
        }

        if (network is not null) await network.EndAsync();
        foreach (var handle in namespaces) handle.Dispose();
        process.Dispose();
    }

    protected override Process Launch(SandboxCommand command)
    {
        var variables = LaunchChain.Variables(command, Spec.Tag, Spec.Home);
        var step = LaunchChain.WithLastStep(
            command, variables.Count, limitProcesses: true, before: "exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-; ");
        return Enter(step, variables, redirect: true);
    }

    /// <summary>The sleeper and bubblewrap's own process are always there.</summary>
    private bool HasOthers => ProcessTable.InNamespace(processes).Count > 2;

    private async Task AskToEndAsync()
    {
        using var all = Enter(["/bin/sh", "-c", "kill -TERM -1"], null, redirect: false);
        await all.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Process Enter(IEnumerable<string> command, Dictionary<string, string>? variables, bool redirect)
    {
        // The open files are the portal's; a shell of the same user takes them over before it becomes the user of jobs.
        var taken = string.Concat(namespaces.Select(
            (n, i) => Invariant($" {i + 3}</proc/{Environment.ProcessId}/fd/{(int)n.DangerousGetHandle()}")));
        var entered = string.Concat(Kinds.Select((k, i) => Invariant($"{k.Option}=/proc/self/fd/{i + 3} ")));
        var script = $"{group?.Join}exec </dev/null {(redirect ? "" : ">/dev/null ")}2>&1{taken}; exec "
            + $"{LaunchChain.BecomeUser(Owner.User)} {Isolation.EnterTool} --preserve-credentials {entered}-- "
                + "/usr/bin/setpriv --no-new-privs --inh-caps=-all --bounding-set=-all -- \"$@\"";
        return LaunchChain.Start(script, command, Spec.Tag, Spec.Home, variables, redirect);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
