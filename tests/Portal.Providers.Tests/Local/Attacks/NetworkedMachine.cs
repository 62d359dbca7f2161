using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Providers.Local.Processes;
using Portal.Providers.Tests.Local.Pipelines;

namespace Portal.Providers.Tests.Local.Attacks;

/// <summary>
/// A portal's machine in a network of the test's own, made of namespaces, by root and by a plain user alike. Behind its
/// one network card there is a world in which every address answers <c>outside</c>; on the machine itself a portal, a
/// database, another environment and a container do.
/// </summary>
public sealed class NetworkedMachine : IAsyncLifetime
{
    public const string Argument = "--networked-machine";

    /// <summary>Behind it is what the portal's database runs on, by that name.</summary>
    public const string DatabaseHost = "198.51.100.20";
    public const string PortalHost = "198.51.100.30";
    public const string Denied = "198.51.100.128/25";

    private const string Script = """
        mount --bind "$1/resolv.conf" /etc/resolv.conf
        mkdir "$1/groups"
        mount --rbind /sys/fs/cgroup "$1/groups"
        mount -t sysfs sysfs /sys
        mount --rbind "$1/groups" /sys/fs/cgroup
        ip link set lo up
        exec 9</proc/self/ns/net
        unshare --net -- sh -ec '
          ip link set lo up
          ip link add outside type veth peer name eth0 netns /proc/self/fd/9
          ip address add 203.0.113.254/24 dev outside
          ip link set outside up
          ip route add local default dev lo table main
          ip -6 address add fd00:113::fe/64 dev outside nodad
          ip -6 route add local default dev lo table main
          exec 9<&- node "$1/server.js" outside' sh "$1" &
        ip link add br0 type bridge
        ip address add 172.30.0.1/24 dev br0
        ip link set br0 up
        unshare --net -- sh -ec '
          ip link add eth0 type veth peer name container netns /proc/self/fd/9
          ip address add 172.30.0.2/24 dev eth0
          ip link set eth0 up
          exec 9<&- node "$1/server.js" container' sh "$1" &
        until ip link show eth0 && ip link show container; do sleep 0.02; done >/dev/null 2>&1
        ip link set container master br0 up
        ip address add 203.0.113.1/24 dev eth0
        ip -6 address add fd00:113::1/64 dev eth0 nodad
        ip link set eth0 up
        ip route add default via 203.0.113.254
        ip -6 route add default via fd00:113::fe
        node "$1/server.js" machine 9<&- &
        until [ -e "$1/machine.up" ] && [ -e "$1/outside.up" ] && [ -e "$1/container.up" ]; do sleep 0.02; done
        shift
        exec 9<&- setpriv --inh-caps=-all --ambient-caps=-all -- "$@"
        """;

    /// <summary>Answers with its role. When all its sockets are open there is a file that says so.</summary>
    private const string Server = """
        const net = require('node:net'), dgram = require('node:dgram'), fs = require('node:fs'), role = process.argv[2];
        let waiting = 0;
        const open = () => { if (--waiting === 0) fs.writeFileSync(`${__dirname}/${role}.up`, ''); };
        const answer = socket => { socket.on('error', () => {}); socket.end(`${role}\n`); };
        const tcp = (port, host) => { waiting++; net.createServer(answer).listen(port, host, open); };
        const udp = (port, host, reply = () => `${role}\n`, group = null) => {
          waiting++;
          const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
          socket.on('message', (asked, from) => socket.send(reply(asked), from.port, from.address));
          socket.bind(port, host, () => { if (group) socket.addMembership(group, '203.0.113.1'); open(); });
        };
        const dns = query => {
          const end = query.indexOf(0, 12) + 5, isA = query.readUInt16BE(end - 4) === 1;
          const head = Buffer.from([query[0], query[1], 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
          return Buffer.concat([head, query.subarray(12, end), isA ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 10]) : Buffer.alloc(0)]);
        };
        if (role === 'machine') {
          tcp(5080, '127.0.0.1'); tcp(5432, '127.0.0.1'); tcp(20001, '127.7.7.2'); tcp(5080, '::1'); tcp(8080, '::');
          udp(53, '127.0.0.1', dns); udp(9999, '0.0.0.0'); udp(5353, '0.0.0.0', undefined, '224.0.0.251');
        } else { tcp(80, '::'); tcp(5432, '::'); udp(9999, '0.0.0.0'); }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string data = Directory.CreateTempSubdirectory("portal-machine-").FullName;
    private readonly SemaphoreSlim one = new(1);
    private Process? process;
    private (IReadOnlyList<string>, IReadOnlyList<string>)? everywhere;

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(data, "server.js"), Server);
        await File.WriteAllTextAsync(Path.Combine(data, "resolv.conf"), "nameserver 127.0.0.1\n");
        string[] users = Native.CurrentUser() == 0 ? [] : ["--user", "--map-current-user", "--keep-caps"];
        string[] own = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, typeof(NetworkedMachine).Assembly.Location]
            : [Environment.ProcessPath!];
        var start = new ProcessStartInfo("unshare",
        [
            .. users, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", "sh", "-ec", Script,
            "sh", data, .. own, Argument, Path.Combine(data, "portal")
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
    }

    /// <summary>Runs a job of one step; what it wrote.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string script)
    {
        var answer = await AskAsync(new Request(script, IsJob: true));
        Assert.True(answer.Passed, $"{answer.Failure}\n{string.Join('\n', answer.Lines)}");
        return answer.Lines;
    }

    /// <summary>
    /// Runs a script on the machine itself, outside of every sandbox, and as a job; the next time it says what came of
    /// it.
    /// </summary>
    public async Task<(IReadOnlyList<string> OnTheMachine, IReadOnlyList<string> InAJob)> RunEverywhereOnceAsync(
        string script) =>
        everywhere ??= ((await AskAsync(new Request(script, IsJob: false))).Lines, await RunAsync(script));

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            // Its end is the end of all that it has started.
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Patience);
            process.Dispose();
        }

        one.Dispose();
        Directory.Delete(data, recursive: true);
    }

    private async Task<Answer> AskAsync(Request request)
    {
        await one.WaitAsync();
        try
        {
            await process!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request));
            await process.StandardInput.FlushAsync();
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            return JsonSerializer.Deserialize<Answer>(
                line ?? throw new InvalidOperationException("The machine is gone."))!;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The machine's side.</summary>
    public static async Task<int> ServeAsync(string data)
    {
        var network = new DeniedNetworks(
            [DeniedNetworks.Parse(Denied)!.Value], [$"Host={DatabaseHost}:5432,127.0.0.1;Password=x", null],
            () => $"https://{PortalHost}/portal");
        await using var host = new PipelineTestHost(data: data, network: network);
        Say("ready");
        while (Console.In.ReadLine() is { } line)
        {
            var request = JsonSerializer.Deserialize<Request>(line)!;
            Say(JsonSerializer.Serialize(
                request.IsJob ? await RunJobAsync(host, request.Script) : RunDirectly(request.Script)));
        }

        return 0;
    }

    private static async Task<Answer> RunJobAsync(PipelineTestHost host, string script)
    {
        var run = await host.RunAsync(
            $"on: workflow_dispatch\njobs: {{ build: {{ runs-on: ubuntu-latest, steps: [{{ run: {JsonSerializer.Serialize(script)} }}] }} }}\n");
        var log = await host.LogAsync(run.Id);
        var left = ProcessTable.FindByTag(run.Id, prefix: true).Count;
        return left > 0 ? new Answer(false, $"{left} processes are left.", log)
            : new Answer(
                run.Status == PipelineStatus.Passed, run.Failure, [.. log.SkipWhile(l => l != "##[endgroup]").Skip(1)]);
    }

    private static Answer RunDirectly(string script)
    {
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return new Answer(process.ExitCode == 0, null, lines);
    }

    private static void Say(string line)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    private sealed record Request(string Script, bool IsJob);

    private sealed record Answer(bool Passed, string? Failure, IReadOnlyList<string> Lines);
}
