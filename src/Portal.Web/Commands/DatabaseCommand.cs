using System.CommandLine;
using Portal.Core.Data.PrivateCluster;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>The private PostgreSQL of a data folder, for scripts: it outlives the portal, so they start and stop it by itself.</summary>
internal static class DatabaseCommand
{
    public static Command Create() => new("database", "Start or stop the private PostgreSQL of a data folder.")
    {
        Subcommand("start", "Start it if it does not run, and print its connection string.", async (data, cancellation) =>
        {
            data.Ensure();
            await Console.Out.WriteLineAsync(await Postgres(data).EnsureRunningAsync(cancellation));
        }),
        Subcommand("stop", "Stop it if it runs.", (data, cancellation) => Postgres(data).StopAsync(cancellation)),
    };

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

    private static PrivatePostgres Postgres(DataFolder data) => new(new PrivatePostgresOptions { Folder = data.Postgres });
}
