using Octokit;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.GitHub.Api;

/// <summary>The app, where it is installed, and whose token a token is.</summary>
internal static class AppCalls
{
    private static readonly GitHubCall AsApp = new(Account.App);

    /// <summary>With the answer's headers, which tell GitHub's time.</summary>
    public static Task<IApiResponse<GitHubApp>> GetAppAsync(this GitHubApi client, CancellationToken cancellation) =>
        client.AnswerAsync<GitHubApp>(new UntypedCall(HttpMethod.Get, Account.App, "app"), cancellation);

    public static IAsyncEnumerable<InstallationBody> InstallationsAsync(
        this GitHubApi client, CancellationToken cancellation) =>
        client.ItemsAsync<InstallationBody>(Account.App, "app/installations?per_page=100", cancellation);

    /// <summary>Of an organisation or a user; null when the app is not installed there.</summary>
    public static async Task<Installation?> FindInstallationAsync(
        this GitHubApi client, string login, CancellationToken cancellation)
    {
        var name = GitHubPath.Of($"{login}");
        return await client.FindAsync(
            AsApp, octokit => octokit.GitHubApps.GetOrganizationInstallationForCurrent(name), cancellation)
            ?? await client.FindAsync(
                AsApp, octokit => octokit.GitHubApps.GetUserInstallationForCurrent(name), cancellation);
    }

    /// <summary>
    /// With the answer's headers. Another token does no harm: the one that nobody heard of ends by itself.
    /// </summary>
    public static Task<IApiResponse<AccessToken>> NewInstallationTokenAsync(
        this GitHubApi client, long installation, CancellationToken cancellation) =>
        client.AnswerAsync<AccessToken>(new UntypedCall(
            HttpMethod.Post, Account.App, GitHubPath.Of($"app/installations/{installation}/access_tokens"))
            {
                Body = new Nothing(), IsRepeatable = true,
            }, cancellation);

    /// <summary>
    /// The person that a token belongs to; with the answer's headers, which name a classic token's scopes.
    /// </summary>
    public static Task<IApiResponse<User>> GetUserAsync(this GitHubApi client, CancellationToken cancellation) =>
        client.AnswerAsync<User>(new UntypedCall(HttpMethod.Get, Account.App, "user"), cancellation);

    /// <summary>Whose token it is.</summary>
    public static async Task<string> GetLoginAsync(this GitHubApi client, CancellationToken cancellation) =>
        (await client.CallAsync(AsApp, octokit => octokit.User.Current(), cancellation)).Login;

    /// <summary>An organisation or a person, as somebody signed in there.</summary>
    public static Task<User?> FindUserAsync(
        this GitHubApi client, Account account, string login, CancellationToken cancellation)
    {
        var name = GitHubPath.Of($"{login}");
        return client.FindAsync(new GitHubCall(account), octokit => octokit.User.Get(name), cancellation);
    }
}

/// <summary>
/// Octokit's fails at accounts of kinds that it does not know, such as enterprises, and has a fixed list of
/// permissions.
/// </summary>
internal sealed record InstallationBody(
    long Id, AccountBody? Account, Dictionary<string, string>? Permissions, DateTimeOffset? SuspendedAt);

internal sealed record AccountBody(string Login);
