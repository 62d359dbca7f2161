using System.Globalization;
using Portal.Core.Providers;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// How a version of an environment becomes a process: its sandbox, its command, and all that it sees.
/// </summary>
internal sealed class EnvironmentProcess(ProcessSandbox sandbox, LocalFolders folders, Ports ports)
{
    /// <summary>The error of an address that another program has.</summary>
    public const string PortTaken = "port-taken";

    /// <summary>Three quarters of the memory for the managed heap; the rest is code, stacks and buffers.</summary>
    private const int HeapPercent = 75;

    /// <summary>In a network of its own every process can have the same port.</summary>
    private const int PortInside = 8080;

    public JobUser User => sandbox.User;

    /// <summary>
    /// Starts all tags of an environment of this installation: another portal on the machine may have one of the same
    /// id.
    /// </summary>
    public string TagPrefix(string id) => $"environment.{Installation}.{id}.";

    private string GateTag(string id) => $"gate.{Installation}.{id}";

    private string Installation =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(folders.Root)))[..8];

    /// <param name="start">Its number; no two processes of an environment have the same.</param>
    public async Task<(DetachedProcess Process, ProcessIdentity Identity)> StartAsync(
        EnvironmentState state, LocalVersion version, EnvironmentFolder folder, EnvironmentDoor door,
        EnvironmentSize size, int start)
    {
        var port = sandbox.Isolation.Works ? PortInside : ports.Take();
        var outside = door.Make(start);
        var (code, temp) = (folder.Version(version.Number), Path.Combine(folder.Home, "tmp"));
        var spec = new SandboxSpec(
            $"{TagPrefix(state.Id)}{start}", folder.Home, temp,
            [
                SandboxFolder.ReadOnly(code), SandboxFolder.Own(folder.Home),
                SandboxFolder.Own(outside, EnvironmentDoor.Inside)],
            // The supervisor says more about memory than the kernel does: it comes first.
            2 * MemoryMiB(version.Workload, size), Weight: 50);
        var command = new SandboxCommand(version.Workload.Command, code, Variables(state, version, folder, size, port))
        {
            Limits = ProcessLimits.Default with { Niceness = 5 },
            Before = EnvironmentDoor.Relay(port), BeforeArguments =
                [sandbox.Isolation.Works ? EnvironmentDoor.Inside : outside],
        };
        var process = await sandbox.StartDetachedAsync(spec, command, folder.Output, EnvironmentDoor.Run);
        return (
            process, new ProcessIdentity(process.Id, process.StartTime, process.RunTag, version.Number, start, port));
    }

    /// <summary>A process of an earlier portal; null when it is gone.</summary>
    public DetachedProcess? Adopt(ProcessIdentity process)
    {
        if (process.Port == 0 || sandbox.Adopt(process.Pid, process.StartTime, process.Tag) is not { } adopted)
        {
            return null;
        }
        if (process.Port != PortInside) ports.Reserve(process.Port);
        return adopted;
    }

    /// <summary>The port of a process that has ended may be another's again.</summary>
    public void Release(ProcessIdentity? process)
    {
        if (process is { Port: > 0 } and { Port: not PortInside }) ports.Return(process.Port);
    }

    /// <summary>Ends everything that an environment ever started here.</summary>
    public async Task EndAllAsync(string id)
    {
        await ProcessKiller.EndAsync(TagPrefix(id), sandbox.Grace, prefix: true);
        // Without walls a relay is left where its process was killed.
        await ProcessKiller.EndAsync(EnvironmentDoor.RelayTag + TagPrefix(id), TimeSpan.Zero, prefix: true);
    }

    /// <summary>Ends everything but one: what it replaced, or what was to replace it.</summary>
    public Task EndOthersAsync(string id, string kept) =>
        ProcessKiller.EndAsync(TagPrefix(id), sandbox.Grace, prefix: true, except: kept);

    /// <summary>
    /// Sees to it that the environment's address is served: a relay of its own, which goes on when the portal ends. It
    /// serves whatever listens behind the door, and ends connections while nobody does.
    /// </summary>
    public async Task<DetachedProcess> OpenGateAsync(EnvironmentState state, EnvironmentFolder folder)
    {
        var tag = GateTag(state.Id);
        if (ProcessTable.FindByTag(tag) is [var there, ..]) return Gate(there, tag);
        folder.MakeDoors();
        var listen = string.Create(
            CultureInfo.InvariantCulture, $"TCP-LISTEN:{state.Port},bind={state.Host},fork,reuseaddr,max-children=512");
        using var gate = LaunchChain.Start(
            $"exec </dev/null >/dev/null 2>&1; cd -- \"$1\" || exit; shift; exec {LaunchChain.BecomeUser(sandbox.User)} \"$@\"",
            [
                folder.Address, Isolation.SocketTool, "-lf", "/dev/null", "-t", "30", listen,
                $"UNIX-CONNECT:{EnvironmentDoor.Current}"], tag, folder.Home, null, redirect: false);
        while (!gate.HasExited && !ProcessTable.ListensItself(gate.Id, state.Port))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
        if (gate.HasExited)
        {
            throw ProviderException.Unavailable(
                PortTaken,
                $"Port {state.Port} of environment {state.Name} is used by another program: end that program, or "
                + "destroy the environment and make it again.");
        }
        return Gate(gate.Id, tag);
    }

    public Task CloseGateAsync(string id) => ProcessKiller.EndAsync(GateTag(id), TimeSpan.Zero);

    private static DetachedProcess Gate(int pid, string tag) =>
        new(pid, ProcessTable.StartTime(pid) ?? 0, tag, TimeSpan.Zero);

    public static int MemoryMiB(ScoreWorkload workload, EnvironmentSize size) =>
        Math.Min(workload.MemoryLimitMiB ?? size.MemoryMiB, size.MemoryMiB);

    private static Dictionary<string, string> Variables(
        EnvironmentState state, LocalVersion version, EnvironmentFolder folder, EnvironmentSize size, int port)
    {
        var heap = (long)MemoryMiB(version.Workload, size) * HeapPercent / 100;
        var cores = Math.Max(1, (int)Math.Ceiling(size.Cpu)).ToString(CultureInfo.InvariantCulture);
        var at = port.ToString(CultureInfo.InvariantCulture);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // An address-space limit would break runtimes that reserve far more than they use, so each is told its
            // heap.
            ["DOTNET_GCHeapHardLimit"] = "0x" + (heap * 1024 * 1024).ToString("x", CultureInfo.InvariantCulture),
            ["DOTNET_PROCESSOR_COUNT"] = cores,
            ["DOTNET_CLI_HOME"] = folder.Home,
            ["DOTNET_NOLOGO"] = "1",
            ["NODE_OPTIONS"] = $"--max-old-space-size={heap}",
            ["GOMEMLIMIT"] = $"{heap}MiB",
            ["GOMAXPROCS"] = cores,
            ["HOST"] = "127.0.0.1",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{at}",
        };
        foreach (var (name, value) in version.Workload.Variables) variables[name] = value;
        // What the portal answers for cannot be set otherwise by a repository.
        variables["PORT"] = at;
        variables["TMPDIR"] = Path.Combine(folder.Home, "tmp");
        variables["GIT_COMMIT"] = version.Commit;
        variables["OTEL_SERVICE_NAME"] = version.Workload.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = Attributes(state, version);
        return variables;
    }

    private static string Attributes(EnvironmentState state, LocalVersion version)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in state.Labels) attributes[name] = value;
        attributes["deployment.environment.name"] = state.Name;
        attributes["service.version"] = version.Commit;
        return string.Join(
            ',', attributes.Select(a => $"{Uri.EscapeDataString(a.Key)}={Uri.EscapeDataString(a.Value)}"));
    }
}
