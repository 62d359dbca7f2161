using System.CommandLine;
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
            await using var app = await PortalApplication.BuildAsync(PortalApplication.Settings(parsed.GetValue(data), port: null, []), cancellation);
            await using var scope = app.Services.CreateAsyncScope();
            if (scope.ServiceProvider.GetService<IIssueToken>() is not { } tokens)
            {
                throw new StartupException("this portal issues no tokens: access control is not part of it");
            }

            await Console.Out.WriteLineAsync(await tokens.IssueAsync(parsed.GetRequiredValue(name), cancellation));
            return 0;
        });
        return command;
    }
}

/// <summary>What the command line needs of access control.</summary>
internal interface IIssueToken
{
    /// <summary>Makes a token that acts for <c>user:default/<paramref name="userName"/></c>; makes the user if absent.</summary>
    Task<string> IssueAsync(string userName, CancellationToken cancellation);
}
