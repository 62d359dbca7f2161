using System.Globalization;
using Portal.Core.Providers;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Environments;

/// <summary>How a version of an environment becomes a process: its command, and all that it sees.</summary>
internal sealed class EnvironmentProcess(ProcessSandbox sandbox, LocalFolders folders)
{
    /// <summary>Three quarters of the memory for the managed heap; the rest is code, stacks and buffers.</summary>
    private const int HeapPercent = 75;

    /// <summary>Starts all tags of an environment of this installation: another portal on the machine may have one of the same id.</summary>
    public string TagPrefix(string id)
    {
        var installation = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folders.Root)))[..8];
        return $"environment.{installation}.{id}.";
    }

    public DetachedProcess Start(EnvironmentState state, LocalVersion version, EnvironmentFolder folder, EnvironmentSize size, int port, int counter)
    {
        var command = new SandboxCommand(
            version.Workload.Command, folder.Version(version.Number), folder.Home, $"{TagPrefix(state.Id)}{counter}", Variables(state, version, folder, size, port));
        return sandbox.StartDetached(command, folder.Output);
    }

    public DetachedProcess? Adopt(ProcessIdentity process) => sandbox.Adopt(process.Pid, process.StartTime, process.Tag);

    /// <summary>Ends everything that an environment ever started here.</summary>
    public Task EndAllAsync(string id) => ProcessKiller.EndAsync(TagPrefix(id), sandbox.Grace, prefix: true);

    /// <summary>Ends what a portal that was killed had just started (a trial of a new version) beside the process that is kept.</summary>
    public async Task EndLatestAsync(EnvironmentState state, string kept)
    {
        // It may have died before it wrote the new number down.
        foreach (var tag in (string[])[$"{TagPrefix(state.Id)}{state.Counter}", $"{TagPrefix(state.Id)}{state.Counter + 1}"])
            if (tag != kept) await ProcessKiller.EndAsync(tag, sandbox.Grace);
    }

    public static int MemoryMiB(ScoreWorkload workload, EnvironmentSize size) => Math.Min(workload.MemoryLimitMiB ?? size.MemoryMiB, size.MemoryMiB);

    private static Dictionary<string, string> Variables(EnvironmentState state, LocalVersion version, EnvironmentFolder folder, EnvironmentSize size, int port)
    {
        var heap = (long)MemoryMiB(version.Workload, size) * HeapPercent / 100;
        var cores = Math.Max(1, (int)Math.Ceiling(size.Cpu)).ToString(CultureInfo.InvariantCulture);
        var at = port.ToString(CultureInfo.InvariantCulture);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // An address-space limit would break runtimes that reserve far more than they use, so each is told its heap.
            ["DOTNET_GCHeapHardLimit"] = "0x" + (heap * 1024 * 1024).ToString("x", CultureInfo.InvariantCulture),
            ["DOTNET_PROCESSOR_COUNT"] = cores,
            ["DOTNET_CLI_HOME"] = folder.Home,
            ["DOTNET_NOLOGO"] = "1",
            ["NODE_OPTIONS"] = $"--max-old-space-size={heap}",
            ["GOMEMLIMIT"] = $"{heap}MiB",
            ["GOMAXPROCS"] = cores,
            // For whoever lets himself be told: reachable from this machine alone.
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
        return string.Join(',', attributes.Select(a => $"{Uri.EscapeDataString(a.Key)}={Uri.EscapeDataString(a.Value)}"));
    }
}
