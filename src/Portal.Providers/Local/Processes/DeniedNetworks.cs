using System.Data.Common;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// What a sandbox with a network must not reach in it: this machine by any of its addresses, its own containers, what a
/// cloud tells its machines, the database, the portal, and what the operator names. Of IPv4 alone: there is no other
/// way out of a sandbox.
/// </summary>
/// <param name="named">By the operator.</param>
/// <param name="databases">Connection strings; null and empty ones are passed over.</param>
/// <param name="portal">The address that people know it by.</param>
internal sealed class DeniedNetworks(
    IReadOnlyList<IPNetwork> named, IReadOnlyList<string?> databases, Func<string> portal)
{
    private const string Interfaces = "/sys/class/net";

    private static readonly IPNetwork[] Always =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "127.0.0.0/8",
            // Metadata: of nearly all clouds, of Azure, of Alibaba, of Oracle.
            "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
            "224.0.0.0/4", "240.0.0.0/4",
        ]).Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>A network as <c>10.20.0.0/16</c> or <c>fd00::/8</c>; null for anything else.</summary>
    public static IPNetwork? Parse(string text) =>
        // Shorter ways to write an address mean other networks than they seem to: 10/8 is one of 0.0.0.10.
        text.Contains('/') && (text.Contains(':') || text.Count(c => c == '.') == 3)
            && IPNetwork.TryParse(text, out var network) ? network : null;

    /// <summary>As the machine is now: addresses come and go.</summary>
    /// <exception cref="IOException">Where the database is cannot be found out.</exception>
    public async Task<IReadOnlyList<IPNetwork>> FindAsync(CancellationToken cancellation)
    {
        var found = new List<IPNetwork>([.. Always, .. named]);
        foreach (var host in databases.SelectMany(HostsOf))
        {
            found.AddRange(await ResolveAsync(host, cancellation) ?? throw Unknown(host));
        }
        // Where its name leads nowhere from here, it leads nowhere from a sandbox.
        if (Uri.TryCreate(portal(), UriKind.Absolute, out var address))
        {
            found.AddRange(await ResolveAsync(address.IdnHost, cancellation) ?? []);
        }
        foreach (var here in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var own in here.GetIPProperties().UnicastAddresses)
            {
                found.Add(new IPNetwork(own.Address, own.Address.GetAddressBytes().Length * 8));
            }
            if (IsOfThisMachineAlone(here.Name))
            {
                found.AddRange(here.GetIPProperties(
                    ).UnicastAddresses.Select(a => new IPNetwork(a.Address, a.PrefixLength)));
            }
        }

        return [.. found.Where(n => n.BaseAddress.AddressFamily == AddressFamily.InterNetwork).Distinct()];
    }

    /// <summary>
    /// A bridge without a network card behind it: containers and virtual machines. A database may be among them.
    /// </summary>
    private static bool IsOfThisMachineAlone(string name) =>
        Directory.Exists($"{Interfaces}/{name}/bridge") && !HasCard(name);

    private static bool HasCard(string name) => Directory.Exists($"{Interfaces}/{name}/device")
        || Directory.EnumerateDirectories($"{Interfaces}/{name}", "lower_*")
            .Any(l => HasCard(Path.GetFileName(l)["lower_".Length..]));

    /// <summary>
    /// Several, with or without ports, are separated by commas. One that begins with a slash is a socket of this
    /// machine.
    /// </summary>
    private static IEnumerable<string> HostsOf(string? connection)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connection };
        var hosts = (parts.TryGetValue("Host", out var host) || parts.TryGetValue("Server", out host)) ? $"{host}" : "";
        return hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(h => h[0] is not ('/' or '@' or '['))
            .Select(h => h.Count(c => c == ':') == 1 ? h[..h.IndexOf(':', StringComparison.Ordinal)] : h);
    }

    private static async Task<IEnumerable<IPNetwork>?> ResolveAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(host, cancellation))
                .Select(a => new IPNetwork(a, a.GetAddressBytes().Length * 8));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static IOException Unknown(string host) =>
        new($"The address of the database's host {host} is not known at the moment, so it cannot be kept from jobs: "
            + "look at this machine's DNS.");
}
