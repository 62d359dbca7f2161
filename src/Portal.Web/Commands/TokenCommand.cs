using System.CommandLine;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>Prints an access token for a user, and nothing else.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var name = new Argument<string>(
            "name") { Description = "The user: the token acts for user:default/NAME, who is made if absent." };
        var data = new Option<string?>("--data") { Description = "Folder of the portal's data (default .data)." };
        var days =
            new Option<int?>("--days") { Description = "Days until its end (default Portal:Tokens:DefaultDays)." };
        var label = new Option<string?>("--label") { Description = "What its owner knows it by." };
        var administrator = new Option<bool>(
            "--administrator") { Description = "Also make the user an administrator of the portal, by name." };
        var list =
            new Option<bool>("--list") { Description = "Print the user's tokens instead: id, end, last use, label." };
        var revoke = new Option<string?>(
            "--revoke") { Description = "Take this token of the user away instead, by its id; 'all' for all." };
        var command = new Command("token", "Print an access token for a user, or list and revoke those that there are.")
        {
            name, days, label, administrator, list, revoke, data
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var text = parsed.GetRequiredValue(name);
            if (!EntityRef.TryParse(text, "user", out var found) || found is not { Kind: "user" } person)
            {
                throw new StartupException(
                    $"'{text}' is no name of a user: use letters, digits, '-', '_' and '.', such as jane.doe");
            }

            // Its log would stand between the reader and the token.
            var settings = PortalApplication.Settings(
                parsed.GetValue(data), port: null, ["--Logging:LogLevel:Default=Error"]);
            await using var app = await PortalApplication.BuildAsync(settings, cancellation);
            if (parsed.GetValue(
                list)) await ListAsync(app.Services.GetRequiredService<AccessTokens>(), person, cancellation);
            else if (parsed.GetValue(revoke) is { } which) await RevokeAsync(
                app.Services.GetRequiredService<AccessTokens>(), person, which, cancellation);
            else await Console.Out.WriteLineAsync(await IssueAsync(
                app.Services.GetRequiredService<People>(), person, parsed.GetValue(days), parsed.GetValue(label),
                parsed.GetValue(administrator), cancellation));
            return 0;
        });
        return command;
    }

    private static async Task<string> IssueAsync(
        People people, EntityRef person, int? days, string? label, bool administrator, CancellationToken cancellation)
    {
        try
        {
            return await people.IssueTokenAsync(person, cancellation, days, label, administrator);
        }
        catch (ArgumentException wrong)
        {
            throw new StartupException(wrong.Message.Split(" (Parameter", 2)[0], wrong);
        }
    }

    private static async Task ListAsync(AccessTokens tokens, EntityRef person, CancellationToken cancellation)
    {
        foreach (var token in (await tokens.ListAsync(person, Actor.System, cancellation)).Value)
        {
            var used = token.LastUsedAt is { } at ? $"used {at:yyyy-MM-dd}" : "never used";
            await Console.Out.WriteLineAsync(
                $"{token.Id}  ends {token.EndsAt:yyyy-MM-dd}  {used,-15}  {token.Name}".TrimEnd());
        }
    }

    private static async Task RevokeAsync(
        AccessTokens tokens, EntityRef person, string which, CancellationToken cancellation)
    {
        var chosen = (await tokens.ListAsync(person, Actor.System, cancellation)).Value.Where(
            t => which == "all" || t.Id.ToString() == which).ToList();
        if (chosen.Count == 0 && which != "all")
        {
            throw new StartupException($"{person} has no token {which}: --list shows those that there are");
        }
        foreach (var token in chosen) await tokens.RevokeAsync(token.Id, Actor.System, cancellation);
    }
}
