using Npgsql;
using Portal.Core.Data;
using Portal.Core.Data.PrivateCluster;
using Portal.Web.Hosting;

namespace Portal.Web.Commands.Doctor;

/// <summary>All checks, in the order in which one thing stands on another: what cannot be asked is left out.</summary>
internal static class Examination
{
    private const string ConnectionString = "ConnectionStrings:Portal";

    public static async Task<IReadOnlyList<Finding>> RunAsync(string[] settings, CancellationToken cancellation)
    {
        WebApplicationBuilder builder;
        PortalOptions options;
        try
        {
            builder = PortalApplication.CreateBuilder(settings);
            options =
                builder.Configuration.GetSection(PortalOptions.Section).Get<PortalOptions>() ?? new PortalOptions();
        }
        catch (Exception error) when (StartupErrors.Describe(error) is { } line)
        {
            return [Finding.Fail("settings", line, "mend the file or the variable")];
        }

        var findings = new List<Finding>();
        var isPrivate = string.IsNullOrWhiteSpace(builder.Configuration[ConnectionString]);
        var data = new DataFolder(string.IsNullOrWhiteSpace(options.Data) ? new PortalOptions().Data : options.Data);
        var stopped = isPrivate ? UsePrivate(builder, data) : null;
        await using var services = SettingsChecks.Build(builder, data, findings);
        findings.AddRange(MachineChecks.Run(builder, options, data));
        if (stopped is not null) findings.Add(stopped);
        else if (services is not null) await DatabaseAsync(builder, services, isPrivate, findings, cancellation);

        // Only settings that are right make providers that can be asked.
        if (services is not null && findings.All(f => f.Verdict != Verdict.Fail))
        {
            findings.AddRange(await ProviderFindings.RunAsync(services, cancellation));
        }

        if (services is not null) findings.AddRange(PeopleFinding.Run(services));
        findings.Add(BackupCheck.Run(data, builder.Environment, TimeProvider.System.GetUtcNow()));
        return findings;
    }

    /// <summary>
    /// Points the settings at the private PostgreSQL; a finding when there is none that runs. It is not started.
    /// </summary>
    private static Finding? UsePrivate(WebApplicationBuilder builder, DataFolder data)
    {
        // Nothing is asked of this address: it only lets the other settings be read.
        builder.Configuration[ConnectionString] = "Host=127.0.0.1;Port=1";
        try
        {
            var postgres = new PrivatePostgres(new PrivatePostgresOptions { Folder = data.Postgres });
            if (postgres.MadeBy is null)
            {
                return Finding.Warn(
                    "database", $"there is no private PostgreSQL in {data.Path} yet",
                    "start the portal, which makes it; then ask again");
            }

            postgres.CheckInstalled();
            if (postgres.FindRunning() is not { } connection)
            {
                return Finding.Fail(
                    "database", $"the private PostgreSQL of {data.Path} does not run", data.HeldBy() is { } portal
                        ? $"the portal (process {portal}) starts it again; its log, and {data.Postgres}/log, say why it ended"
                        : "start the portal, which starts it; then ask again");
            }

            builder.Configuration[ConnectionString] = connection;
            return null;
        }
        catch (Exception error) when (StartupErrors.Describe(error) is { } line)
        {
            return Finding.Fail("database", line, "mend that, then ask again");
        }
    }

    private static async Task DatabaseAsync(
        WebApplicationBuilder builder, ServiceProvider services, bool isPrivate, List<Finding> findings,
        CancellationToken cancellation)
    {
        try
        {
            var connections = services.GetRequiredService<DatabaseConnections>();
            await using var connection = await DatabaseChecks.OpenAsync(connections.Pooled, cancellation);
            findings.AddRange(await DatabaseChecks.RunAsync(connection, connections, cancellation));
            if (!await DatabaseChecks.HasTablesAsync(connection, cancellation)) return;

            findings.Add(await ClockFinding.RunAsync(connection, services, cancellation));
            findings.Add(await KeysChecks.RunAsync(connection, services, builder.Environment, isPrivate, cancellation));
            findings.Add(await HostsFinding.RunAsync(connection, cancellation));
            findings.AddRange(await ReplicaChecks.RunAsync(connection, cancellation));
        }
        catch (Exception error) when (error is NpgsqlException or ArgumentException or TimeoutException)
        {
            findings.Add(Finding.Fail(
                "database", error.Message.ReplaceLineEndings(" "),
                $"mend {ConnectionString}, or the server that it names"));
        }
    }
}
