using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>What somebody types to get a repository, from whatever machine.</summary>
/// <param name="Command">The whole command.</param>
/// <param name="NeedsToken">Its host is the portal: git asks for a password, which is an access token.</param>
/// <param name="IsHereAlone">No other machine reaches that address.</param>
internal sealed record CloneCommand(string Command, bool NeedsToken, bool IsHereAlone);

/// <summary>Repositories of the portal's own are at its public address, and ask for a token of the person.</summary>
internal sealed class CloneCommands(IPortalAddress address)
{
    public CloneCommand Of(string url, Actor who)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return new CloneCommand($"git clone {url}", false, false);
        }
        if (!url.StartsWith($"{address.Url}/git/", StringComparison.OrdinalIgnoreCase))
        {
            return new CloneCommand($"git clone {url}", false, uri.IsLoopback);
        }
        // The name says whose token git keeps for the address; the portal goes by the token.
        var with = new UriBuilder(uri) { UserName = Uri.EscapeDataString(who.Ref.Name) };
        return new CloneCommand($"git clone {with.Uri.AbsoluteUri}", true, uri.IsLoopback);
    }
}
