namespace Portal.Providers.Tests.Local.Attacks;

/// <summary>
/// What a job with the network outside would try to reach that is not outside. Run as root and as a plain user.
/// </summary>
[Trait("Category", "Attack")]
public sealed class NetworkAttacks(NetworkedMachine machine) : IClassFixture<NetworkedMachine>
{
    /// <summary>Whoever answers says where it is.</summary>
    private const string Functions = """
        tcp() { timeout 3 bash -c 'exec 2>/dev/null 3<>"/dev/tcp/$0/$1" && head -n 1 <&3' "$1" "$2" || true; }
        udp() { bound udp "" "$1" "$2"; }
        bound() { timeout 2 perl -MSocket -e '
          my ($kind, $device, $host, $port) = @ARGV;
          socket(my $s, PF_INET, $kind eq "udp" ? SOCK_DGRAM : SOCK_STREAM, 0) or exit 1;
          setsockopt($s, SOL_SOCKET, 25, "$device\0") or exit 1;
          setsockopt($s, SOL_SOCKET, SO_BROADCAST, 1);
          if ($kind eq "udp") { send($s, "x", 0, pack_sockaddr_in($port, inet_aton($host))) or exit 1; }
          else { connect($s, pack_sockaddr_in($port, inet_aton($host))) or exit 1; }
          recv($s, my $text, 100, 0); print $text;' "$@" || true; }

        """;

    /// <summary>
    /// Everything that answers on the machine, or is near it; each with who answers to the machine itself.
    /// </summary>
    public static TheoryData<string, string> Targets => new()
    {
        // The portal, the private PostgreSQL, another environment.
        { "tcp 127.0.0.1 5080", "machine" }, { "tcp localhost 5080", "machine" }, { "tcp 127.0.0.1 5432", "machine" },
        { "tcp 127.7.7.2 20001", "machine" },
        { "tcp ::1 5080", "machine" }, { "tcp ::ffff:127.0.0.1 5080", "machine" }, { "tcp 0.0.0.0 8080", "machine" },
        // The machine's own addresses.
        { "tcp 203.0.113.1 8080", "machine" }, { "tcp 172.30.0.1 8080", "machine" },
        { "tcp fd00:113::1 8080", "machine" }, { "udp 203.0.113.1 9999", "machine" },
        { "udp 127.0.0.1 9999", "machine" }, { "udp 224.0.0.251 5353", "machine" },
        // A container of the machine.
        { "tcp 172.30.0.2 80", "container" },
        // What clouds tell their machines.
        { "tcp 169.254.169.254 80", "outside" }, { "tcp 169.254.170.2 80", "outside" },
        { "tcp 168.63.129.16 80", "outside" }, { "tcp 100.100.100.200 80", "outside" },
        { "tcp 192.0.0.192 80", "outside" }, { "tcp fd00:ec2::254 80", "outside" },
        { "udp 169.254.169.254 9999", "outside" },
        // The database and the portal by their names, and what the operator has named.
        { $"tcp {NetworkedMachine.DatabaseHost} 5432", "outside" },
        { $"tcp {NetworkedMachine.DatabaseHost} 80", "outside" },
        { $"tcp {NetworkedMachine.PortalHost} 80", "outside" },
        { "tcp 198.51.100.128 80", "outside" }, { "tcp 198.51.100.255 80", "outside" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Job_AsksWhatIsNotOutside_NobodyAnswers(string ask, string who)
    {
        // All at once: what is not reached takes a second each.
        var script = Functions
            + string.Concat(Targets.Select(t => $"(echo \"{t.Data.Item1} [$({t.Data.Item1})]\") &\n")) + "wait\n";
        var (onTheMachine, inAJob) = await machine.RunEverywhereOnceAsync(script);

        Assert.Contains($"{ask} [{who}]", onTheMachine);
        Assert.Contains($"{ask} []", inAJob);
    }

    [Theory]
    // The network's own inside: what it has in place of the machine and of its name servers.
    [InlineData(
        "for a in 198.18.200.2 198.18.200.3 198.18.200.100 198.18.200.1 198.18.200.255 169.254.1.1 255.255.255.255; do for p in 80 5080 5432 8080; do tcp $a $p & done; udp $a 9999 & done; wait")]
    // Sockets that name the way they want to go.
    [InlineData(
        "for a in 127.0.0.1 203.0.113.1 169.254.169.254 198.18.200.2; do for p in 80 5080 8080; do bound tcp eth0 $a $p & done; done; wait")]
    [InlineData(
        "for a in 127.0.0.1 203.0.113.1 203.0.113.255 255.255.255.255 224.0.0.251 172.30.0.255; do bound udp eth0 $a 9999 & bound udp eth0 $a 5353 & done; wait")]
    // Routes, addresses and links.
    [InlineData(
        "ip route add 203.0.113.1 via 169.254.1.1 dev eth0 onlink && echo OUT; ip route flush all && echo OUT; ip route replace default via 198.18.200.2 dev eth0 onlink && echo OUT; tcp 203.0.113.1 8080")]
    [InlineData(
        "ip address add 203.0.113.7/24 dev eth0 && echo OUT; ip link set eth0 down && echo OUT; ip link add x type dummy && echo OUT; ip neigh add 198.18.200.2 lladdr 00:11:22:33:44:55 dev eth0 && echo OUT")]
    [InlineData("for f in $(find /proc/sys/net -type f); do echo 1 >$f && echo OUT; done")]
    [InlineData(
        "unshare -Ur ip route add 203.0.113.1 dev eth0 && echo OUT; unshare -Urn ip link set eth0 up && echo OUT; unshare -Ur nsenter -t $$ -n ip link set eth0 down && echo OUT")]
    [InlineData(
        "nsenter -t 1 -U -n ip route && echo OUT; for n in /proc/[0-9]*/ns/net; do nsenter --net=$n ip link set eth0 down && echo OUT; done")]
    // Raw packets.
    [InlineData(
        "perl -MSocket -e 'socket(S, 17, SOCK_RAW, 768) and print \"OUT\\n\"; socket(S, PF_INET, SOCK_RAW, 1) and print \"OUT\\n\"; socket(S, PF_INET, SOCK_RAW, 255) and print \"OUT\\n\"; socket(S, 17, SOCK_DGRAM, 768) and print \"OUT\\n\"'")]
    [InlineData(
        "unshare -Ur perl -MSocket -e 'socket(S, 17, SOCK_RAW, 768) and print \"OUT\\n\"; socket(S, PF_INET, SOCK_RAW, 1) and print \"OUT\\n\"'")]
    [InlineData(
        "test -e /dev/net/tun && echo OUT; ls /proc/[0-9]*/exe -l 2>/dev/null | grep slirp && echo OUT; kill -9 $(pgrep slirp) && echo OUT")]
    [InlineData(
        "grep -E '^Cap(Prm|Eff|Inh|Amb):' /proc/self/status | grep -v 0000000000000000 && echo OUT; test $(id -u) = 0 && echo OUT; unshare -Ur cat /proc/self/uid_map | grep -w 4294967295 && echo OUT")]
    public async Task Job_ChangesItsNetwork_FindsNoWay(string script) =>
        Assert.Empty(await machine.RunAsync($"{Functions}exec 2>/dev/null\nset +e\n{script}\ntrue"));

    [Fact]
    public async Task Job_AsksOutside_GetsAnAnswer()
    {
        var said = await machine.RunAsync(Functions + """
            echo "by address: $(tcp 198.51.100.10 80)"
            echo "by name: $(tcp outside.example 80)"
            echo "datagram: $(udp 198.51.100.10 9999)"
            echo "bound: $(bound tcp eth0 198.51.100.10 80)"
            """);

        Assert.Equal(["by address: outside", "by name: outside", "datagram: outside", "bound: outside"], said);
    }
}
