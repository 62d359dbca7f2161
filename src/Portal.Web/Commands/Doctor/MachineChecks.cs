using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portal.Web.Hosting;

namespace Portal.Web.Commands.Doctor;

/// <summary>This host: folder, space, port, programs.</summary>
internal static class MachineChecks
{
    /// <summary>What the Local provider starts.</summary>
    private static readonly string[] LocalPrograms = ["git", "setsid", "node", "npm", "dotnet"];

    public static IEnumerable<Finding> Run(WebApplicationBuilder builder, PortalOptions options, DataFolder data)
    {
        yield return Folder(data);
        yield return Space(builder, data);
        yield return Port(options, data);
        if (builder.Configuration.GetValue("Portal:Providers:local:Enabled", true)) yield return Programs();
    }

    private static Finding Folder(DataFolder data)
    {
        if (File.Exists(data.Path))
        {
            return Finding.Fail("data folder", $"{data.Path} is a file", "name a folder with --data DIR");
        }

        if (!Directory.Exists(data.Path))
        {
            return Finding.Warn(
                "data folder", $"{data.Path} does not exist",
                "start the portal, which makes it, or name the right one with --data DIR");
        }

        try
        {
            var probe = Path.Combine(data.Path, $".doctor-{Environment.ProcessId}");
            try
            {
                // Something, because nothing fits on a full disk too.
                File.WriteAllBytes(probe, new byte[4096]);
            }
            finally
            {
                File.Delete(probe);
            }

            return File.Exists(data.Marker)
                ? Finding.Ok("data folder", $"{data.Path} can be written")
                : Finding.Warn(
                    "data folder", $"{data.Path} is not a portal's yet",
                    "start the portal, or name the right one with --data DIR");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(
                "data folder", $"{data.Path} cannot be written ({error.Message})",
                $"give it to the user {Environment.UserName}, or name another with --data DIR");
        }
    }

    private static Finding Space(WebApplicationBuilder builder, DataFolder data)
    {
        var limits = builder.Configuration.GetSection(DiskOptions.Section).Get<DiskOptions>() ?? new DiskOptions();
        var least = DiskSpace.Of(data).MinBy(d => d.FreeMiB)!;
        var seen = string.Create(
            CultureInfo.InvariantCulture, $"{least.FreeMiB / 1024:0.0} GiB free for the {least.Name}");
        var mend = $"free some, or move the {least.Name}";
        return least.FreeMiB < limits.FullMiB
            ? Finding.Fail("disk", seen, mend)
            : least.FreeMiB < limits.LowMiB ? Finding.Warn("disk", seen, mend) : Finding.Ok("disk", seen);
    }

    private static Finding Port(PortalOptions options, DataFolder data)
    {
        if (data.HeldBy() is { } portal)
        {
            return Finding.Ok("port", $"a portal runs on the data folder (process {portal})");
        }

        if (!IPAddress.TryParse(options.Listen, out var address) || options.Port is < 0 or > IPEndPoint.MaxPort)
        {
            return Finding.Fail(
                "port", $"{options.Listen}:{options.Port} is no address", "mend Portal:Listen and Portal:Port");
        }

        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, options.Port));
            return Finding.Ok("port", $"{options.Listen}:{options.Port} is free");
        }
        catch (SocketException error)
        {
            return Finding.Warn(
                "port", $"{options.Listen}:{options.Port} cannot be taken ({error.Message})",
                "stop what listens there, or choose another with Portal:Port");
        }
    }

    private static Finding Programs()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing =
            LocalPrograms.Where(program => !path.Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        const string name = "programs";
        return missing.Count == 0 ? Finding.Ok(name, "git, setsid, node, npm and dotnet are there")
            : missing.Contains("git") || missing.Contains("setsid") ? Finding.Fail(
                name, $"missing: {string.Join(", ", missing)}",
                "install them, or set Portal:Providers:local:Enabled=false")
            : Finding.Warn(
                name, $"missing: {string.Join(", ", missing)}", "install what the repositories' pipelines need");
    }
}
