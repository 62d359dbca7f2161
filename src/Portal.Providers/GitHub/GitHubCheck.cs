using Portal.Core.Providers;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub;

/// <summary>Whether the credentials can be used, and what is missing.</summary>
internal sealed class GitHubCheck(GitHubApi client, GitHubOptions options, TimeProvider time) : IProviderCheck
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    private readonly string section = GitHubOptions.SectionOf(client.Instance);

    public string Instance => client.Instance;

    public string Type => GitHubOptions.Type;

    public async Task<ProviderCheck> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            return options.IsApp ? await AppAsync(cancellation) : await TokenAsync(cancellation);
        }
        catch (ProviderException failed)
        {
            return new ProviderCheck($"Not signed in to {client.Address.Web.Authority}", [failed.Message]);
        }
    }

    private async Task<ProviderCheck> AppAsync(CancellationToken cancellation)
    {
        var answer = await client.GetAppAsync(cancellation);
        var app = answer.Body;
        var installations = new List<InstallationBody>();
        await foreach (var installation in client.InstallationsAsync(cancellation)) installations.Add(installation);
        if (options.InstallationId > 0) installations.RemoveAll(i => i.Id != options.InstallationId);
        var problems = new List<string>(SkewOf(answer.HttpResponse));
        if (installations.Count == 0) problems.Add(options.InstallationId > 0
            ? $"The app {app.Name} has no installation {options.InstallationId}: correct {section}:InstallationId, or "
                + "leave it out."
            : $"The app {app.Name} is installed nowhere: an owner of the organisation installs it on the app's page "
                + "(Install App).");
        problems.AddRange(options.AllOrganisations.Where(o => !installations.Exists(i => IsOf(i, o)))
            .Select(o => $"The app {app.Name} is not installed in {o}, which {section} names: install it there, or "
                + "correct the name."));
        foreach (var installation in installations) problems.AddRange(ProblemsOf(installation));
        var where = installations.Count == 0
            ? ""
            : $", installed in {string.Join(", ", installations.Select(i => i.Account?.Login ?? "?").Order(StringComparer.OrdinalIgnoreCase))}";
        return new ProviderCheck($"Signed in as the app {app.Name}{where}", problems);
    }

    private IEnumerable<string> ProblemsOf(InstallationBody installation)
    {
        var login = installation.Account?.Login ?? "?";
        if (installation.SuspendedAt is not null)
        {
            yield return $"The installation in {login} is suspended: an owner of {login} can lift that under Settings, "
                + "GitHub Apps.";
            yield break;
        }
        foreach (var missing in NeededPermissions.Missing(options, installation.Permissions))
        {
            yield return $"In {login} the permission {missing.Title}: {missing.Level} is missing ({missing.Why}). Add "
                + $"it on the app's page (Permissions), and let an owner of {login} accept it.";
        }
    }

    private async Task<ProviderCheck> TokenAsync(CancellationToken cancellation)
    {
        var answer = await client.GetUserAsync(cancellation);
        var user = answer.Body;
        var problems = new List<string>(SkewOf(answer.HttpResponse));
        // A fine-grained token does not say what it may do.
        if (answer.HttpResponse.Header("x-oauth-scopes") is not null)
        {
            var scopes = answer.HttpResponse.ApiInfo.OauthScopes;
            foreach (var (scope, why) in NeededScopes)
            {
                if (!scopes.Contains(scope))
                {
                    problems.Add($"The token lacks the scope {scope} ({why}): add it on GitHub's page of your tokens.");
                }
            }
        }
        foreach (var organisation in options.AllOrganisations)
        {
            if (await client.FindUserAsync(new Access.Account(organisation), organisation, cancellation) is null)
            {
                problems.Add($"There is no organisation {organisation}, which {section} names: correct the name.");
            }
        }
        return new ProviderCheck($"Signed in as {user.Login} with a token", problems);
    }

    private static readonly (string Scope, string Why)[] NeededScopes =
        [
            ("repo", "repositories, pull requests and runs"),
            ("workflow", "commits with files below .github/workflows"), ("delete_repo", "undoing what a run made")];

    private IEnumerable<string> SkewOf(Octokit.IResponse answer)
    {
        if (answer.Date() is { } date && (time.GetUtcNow() - date).Duration() is var skew && skew > MaxSkew)
        {
            yield return $"The portal's clock differs from GitHub's by {skew.TotalSeconds:0} s: set the clock of the "
                + "portal's machine (NTP).";
        }
    }

    private static bool IsOf(InstallationBody installation, string login) =>
        login.Equals(installation.Account?.Login, StringComparison.OrdinalIgnoreCase);
}
