using System.CommandLine;
using Portal.Core.Catalog;
using Portal.Core.Governance.Access;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>Prints an access token for a user, and nothing else.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The user: the token acts for user:default/NAME, who is made if absent." };
        var data = new Option<string?>("--data") { Description = "Folder of the portal's data (default .data)." };
        var command = new Command("token", "Print an access token for a user.") { name, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var text = parsed.GetRequiredValue(name);
            if (!EntityRef.TryParse(text, "user", out var found) || found is not { Kind: "user" } person)
            {
                throw new StartupException($"'{text}' is no name of a user: use letters, digits, '-', '_' and '.', such as jane.doe");
            }

            // Its log would stand between the reader and the token.
            string[] settings = PortalApplication.Settings(parsed.GetValue(data), port: null, ["--Logging:LogLevel:Default=Error"]);
            await using var app = await PortalApplication.BuildAsync(settings, cancellation);
            await Console.Out.WriteLineAsync(await app.Services.GetRequiredService<People>().IssueTokenAsync(person, cancellation));
            return 0;
        });
        return command;
    }
}
