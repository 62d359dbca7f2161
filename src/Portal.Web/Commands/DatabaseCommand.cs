using System.CommandLine;
using System.Globalization;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Data.PrivateCluster;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>
/// The private PostgreSQL of a data folder, for scripts: it outlives the portal, so they start and stop it by itself.
/// </summary>
internal static class DatabaseCommand
{
    public static Command Create() => new("database", "Start or stop the private PostgreSQL of a data folder.")
    {
        Subcommand(
            "start", "Start it if it does not run, and print its connection string.", async (data, cancellation) =>
            {
                data.Ensure();
                await Console.Out.WriteLineAsync(await Postgres(data).EnsureRunningAsync(cancellation));
            }),
        Subcommand(
            "env",
            "Print the variables with which PostgreSQL's programs reach the portal's database, for a shell to evaluate.",
            async (data, cancellation) =>
                await Console.Out.WriteLineAsync(Variables(await ConnectionAsync(data, cancellation)))),
        Subcommand("stop", "Stop it if it runs.", (data, cancellation) => Postgres(data).StopAsync(cancellation)),
    };

    /// <summary>What the settings name, straight to the server; else the private one, started.</summary>
    private static async Task<string> ConnectionAsync(DataFolder data, CancellationToken cancellation)
    {
        var configuration = PortalApplication.CreateBuilder([]).Configuration;
        if (configuration.GetConnectionString("Portal") is { Length: > 0 })
        {
            return DatabaseConnections.From(configuration).Direct;
        }

        data.Ensure();
        return await Postgres(data).EnsureRunningAsync(cancellation);
    }

    internal static string Variables(string connectionString)
    {
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        (string Name, string? Value)[] variables =
        [
            ("PGHOST", to.Host), ("PGPORT", to.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", to.Username),
            ("PGPASSWORD", to.Password), ("PGDATABASE", to.Database ?? to.Username),
            ("PGSSLMODE", to.SslMode switch
            {
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
                var mode => mode.ToString().ToLowerInvariant()
            }), ("PGSSLROOTCERT", to.RootCertificate),
        ];
        return string.Join('\n', variables.Where(v => v.Value is { Length: > 0 })
            .Select(v => $"export {v.Name}='{v.Value!.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
    }

    private static Command Subcommand(string name, string description, Func<DataFolder, CancellationToken, Task> run)
    {
        var data = new Option<string?>("--data") { Description = "Folder of the portal's data (default .data)." };
        var command = new Command(name, description) { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            await run(new DataFolder(parsed.GetValue(data) ?? new PortalOptions().Data), cancellation);
            return 0;
        });
        return command;
    }

    private static PrivatePostgres Postgres(DataFolder data) =>
        new(new PrivatePostgresOptions { Folder = data.Postgres });
}
