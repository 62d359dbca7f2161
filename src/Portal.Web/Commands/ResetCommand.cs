using System.CommandLine;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>Removes everything that a portal keeps, after saying what that is and asking for its name.</summary>
internal static class ResetCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Folder of the portal's data (default .data)." };
        var command = new Command("reset", "Remove the portal's data.") { data };
        command.SetAction((parsed, cancellation) => ResetData.RunAsync(
            parsed.GetValue(data) ?? new PortalOptions().Data, Console.In, Console.Out, cancellation));
        return command;
    }
}
