using System.CommandLine;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>Runs the portal in the foreground until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(Action<IServiceCollection>? replace)
    {
        var port = new Option<int?>("--port") { Description = "Port on 127.0.0.1 (default 5080)." };
        var data = new Option<string?>("--data") { Description = "Folder of the portal's data (default .data)." };
        var command = new Command(Name, "Run the portal in the foreground.") { port, data };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellation) =>
        {
            // What is left are settings in the configuration's own form, --Portal:Key=value.
            var settings = PortalApplication.Settings(
                parsed.GetValue(data), parsed.GetValue(port), parsed.UnmatchedTokens);
            await using var app = await PortalApplication.BuildAsync(settings, replace, cancellation);
            try
            {
                await app.RunPortalAsync(cancellation);
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // Asked to stop while it was starting.
            }

            return 0;
        });
        return command;
    }
}
