using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// The way out of a sandbox. Its network ends in a router, a network of its own between it and the machine; from there
/// slirp4netns makes the connections, as a program of the user of jobs without rights. The router forwards nothing that
/// is denied. It belongs to users among whom no process of the sandbox is, so whatever such a process does with its
/// sockets, routes and namespaces, it does on its side of the router.
/// </summary>
internal sealed class SandboxNetwork
{
    /// <summary>Answers with what the machine's own name server says, and to nothing else.</summary>
    public const string NameServer = "198.18.200.3";

    private const string Tool = "/usr/bin/slirp4netns";
    private const string Tunnel = "/dev/net/tun";
    private const string Ready = "ready";

    /// <summary>For what measures networks: no machine has it.</summary>
    private const string Addresses = "198.18.200";

    /// <summary>Packets never leave the machine as they are, so they may be large.</summary>
    private const int PacketSize = 65520;

    /// <summary>
    /// In a view of the file system that nobody else has: on some machines the device is root's alone, or not there.
    /// </summary>
    private const string OwnTunnel =
        "mkdir -p /dev/net; exec /usr/bin/unshare --mount -- /bin/sh -c 'mount -t tmpfs -o mode=755 tmpfs /dev/net && "
            + "mknod -m 666 " + Tunnel + " c 10 200 && exec \"$@\"' portal-job ";

    private static readonly string? Configure = ((string[])["/usr/sbin/ip", "/usr/bin/ip", "/sbin/ip"])
        .FirstOrDefault(File.Exists);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string tag;

    private SandboxNetwork(Process process, string tag) => (this.process, this.tag) = (process, tag);

    /// <summary>
    /// In front of what makes a sandbox with a network: the router, and users to whom it belongs. Inside, the sandbox
    /// has users of its own.
    /// </summary>
    public static string[] Router { get; } =
    [
        // To become somebody else than root, bubblewrap needs this one right over the users.
        "/usr/bin/unshare", "--user", "--map-root-user", "--net", "--", "/usr/bin/setpriv",
        "--bounding-set=-all,+setfcap", "--inh-caps=-all", "--",
    ];

    /// <summary>Why this machine cannot give a sandbox the network outside, and what to do; null when it can.</summary>
    public static string? Missing(JobUser user)
    {
        if (!File.Exists(Tool)) return "slirp4netns is not installed: apt-get install slirp4netns";
        if (Configure is null) return "ip is not installed: apt-get install iproute2";
        if (user.IsSeparate || CanOpenTunnel()) return null;
        return File.Exists(Tunnel)
            ? $"{user.Name} may not open {Tunnel}: chmod 666 {Tunnel}" : $"there is no {Tunnel}: modprobe tun";
    }

    /// <param name="router">A process behind <see cref="Router"/>.</param>
    /// <param name="inside">The sandbox's network.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    public static async Task<SandboxNetwork> OpenAsync(
        ProcessSandbox owner, SandboxSpec spec, int router, SafeFileHandle inside, ControlGroup? group,
        CancellationToken cancellation)
    {
        var files = Invariant(
            $"3</proc/{router}/ns/user 4</proc/{router}/ns/net ")
            + Invariant($"5</proc/{Environment.ProcessId}/fd/{(int)inside.DangerousGetHandle()}");
        var process = LaunchChain.Start(
            $"{group?.Join}exec </dev/null 2>&1 {files}; "
                + $"{(owner.User.IsSeparate ? OwnTunnel : "exec ")}{LaunchChain.BecomeUser(owner.User)} \"$@\"",
            [
                Isolation.EnterTool, "--preserve-credentials", "--user=/proc/self/fd/3", "--", "/bin/sh", "-c",
                Script(spec.Denied!)], spec.Tag, spec.Home, null, redirect: true);
        var said = new List<string>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line == Ready)
                {
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return new SandboxNetwork(process, spec.Tag);
                }

                said.Add(line);
            }

            throw new IOException($"The network outside could not be given to the sandbox: {string.Join("; ", said)}.");
        }
        catch
        {
            await new SandboxNetwork(process, spec.Tag).EndAsync();
            throw;
        }
    }

    /// <summary>Connections end with it, and so does what is left of the sandbox: both carry its tag.</summary>
    public async Task EndAsync()
    {
        await ProcessKiller.EndAsync(tag, TimeSpan.Zero).ConfigureAwait(false);
        await process.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Dispose();
    }

    /// <summary>
    /// Shell text that runs with all rights over the router and the sandbox's network, and with none over the machine.
    /// </summary>
    private static string Script(IReadOnlyList<IPNetwork> denied)
    {
        const string own = "/proc/sys/net";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            exec 8>&1
            {{Tool}} --netns-type=path --cidr={{Addresses}}.0/24 --mtu={{PacketSize}} --disable-host-loopback --enable-sandbox --enable-seccomp \
              --ready-fd=7 /proc/self/fd/4 tap0 7>&1 >&8 2>&8 3<&- 5<&- | {
              [ "$(head -c 1)" = 1 ] || exit 1
              {{Isolation.EnterTool}} --net=/proc/self/fd/4 -- /bin/sh -ec '
                {{Configure}} -batch - <<END
            link add name inside mtu {{PacketSize}} type veth peer name eth0 mtu {{PacketSize}} netns /proc/self/fd/5
            END
                if [ -e {{own}}/ipv6 ]; then echo 1 >{{own}}/ipv6/conf/all/disable_ipv6; fi
                echo 1 >{{own}}/ipv4/ip_forward
                echo 1 >{{own}}/ipv4/conf/tap0/proxy_arp
                echo 0 >{{own}}/ipv4/neigh/tap0/proxy_delay
                echo 0 >{{own}}/ipv4/icmp_ratelimit
                {{Configure}} -batch - <<END
            link set dev inside up
            link set dev tap0 mtu {{PacketSize}} up
            address add 169.254.1.1/32 dev inside
            address add {{Addresses}}.100/32 dev tap0
            route add {{Addresses}}.15/32 dev inside
            route add default via {{Addresses}}.2 dev tap0 onlink
            {{string.Join('\n', denied.Select(d => $"route replace unreachable {d}"))}}
            route replace unreachable {{Addresses}}.0/24
            route replace {{NameServer}}/32 dev tap0
            END' && {{Isolation.EnterTool}} --net=/proc/self/fd/5 -- /bin/sh -ec '
                if [ -e {{own}}/ipv6 ]; then echo 1 >{{own}}/ipv6/conf/eth0/disable_ipv6; fi
                {{Configure}} -batch - <<END
            link set dev eth0 up
            address add {{Addresses}}.15/32 dev eth0
            route add 169.254.1.1/32 dev eth0
            route add default via 169.254.1.1 dev eth0
            END' && echo {{Ready}} >&8
            }
            """);
    }

    private static bool CanOpenTunnel()
    {
        try
        {
            File.OpenHandle(Tunnel, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
