using System.Collections.Concurrent;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>Which logins are organisations and which are people. That does not change while the portal runs.</summary>
internal sealed class GitHubAccounts(GitHubApi client)
{
    private readonly ConcurrentDictionary<string, bool> organisations = new(StringComparer.OrdinalIgnoreCase);

    public async Task<bool> IsOrganisationAsync(string login, CancellationToken cancellation)
    {
        if (organisations.TryGetValue(login, out var known)) return known;
        var user = await client.FindUserAsync(new Access.Account(login), login, cancellation)
            ?? throw new ProviderException(Error.NotFound("organisation-not-found",
                $"{client.Instance} knows no organisation {login}: check the template's repository and "
                    + $"{GitHubOptions.SectionOf(client.Instance)}:Organisation."));
        return organisations[login] = user.Type == AccountType.Organization;
    }
}
