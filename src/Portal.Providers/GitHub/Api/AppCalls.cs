using Portal.Providers.GitHub.Access;

namespace Portal.Providers.GitHub.Api;

/// <summary>The app, where it is installed, and whose token a token is.</summary>
internal static class AppCalls
{
    public static Task<HttpResponseMessage> GetAppAsync(this GitHubClient client, CancellationToken cancellation) =>
        client.SendAsync(new GitHubCall(HttpMethod.Get, Account.App, "app"), cancellation);

    public static Task<AppInfo> ReadAppAsync(this GitHubClient client, HttpResponseMessage answer, CancellationToken cancellation) =>
        client.ReadAsync<AppInfo>(new GitHubCall(HttpMethod.Get, Account.App, "app"), answer, cancellation);

    public static IAsyncEnumerable<Installation> InstallationsAsync(this GitHubClient client, CancellationToken cancellation) =>
        client.ItemsAsync<Installation>(Account.App, "app/installations?per_page=100", cancellation);

    /// <summary>Of an organisation or a user; null when the app is not installed there.</summary>
    public static async Task<Installation?> FindInstallationAsync(this GitHubClient client, string login, CancellationToken cancellation) =>
        await client.FindAsync<Installation>(Account.App, GitHubPath.Of($"orgs/{login}/installation"), cancellation)
        ?? await client.FindAsync<Installation>(Account.App, GitHubPath.Of($"users/{login}/installation"), cancellation);

    public static Task<HttpResponseMessage> NewInstallationTokenAsync(this GitHubClient client, long installation, CancellationToken cancellation) =>
        // Another token does no harm: the one that nobody heard of ends by itself.
        client.SendAsync(new GitHubCall(HttpMethod.Post, Account.App, GitHubPath.Of($"app/installations/{installation}/access_tokens")) { Body = new Nothing(), IsRepeatable = true }, cancellation);

    /// <summary>The person that a token belongs to; with the answer's headers, which name a classic token's scopes.</summary>
    public static Task<HttpResponseMessage> GetUserAsync(this GitHubClient client, CancellationToken cancellation) =>
        client.SendAsync(new GitHubCall(HttpMethod.Get, Account.App, "user"), cancellation);

    /// <summary>Whose token it is.</summary>
    public static async Task<string> GetLoginAsync(this GitHubClient client, CancellationToken cancellation)
    {
        using var answer = await client.GetUserAsync(cancellation);
        return (await client.ReadUserAsync(answer, cancellation)).Login;
    }

    /// <summary>An organisation or a person.</summary>
    public static Task<UserInfo?> FindUserAsync(this GitHubClient client, string login, CancellationToken cancellation) =>
        client.FindAsync<UserInfo>(new Account(login), GitHubPath.Of($"users/{login}"), cancellation);

    public static Task<UserInfo> ReadUserAsync(this GitHubClient client, HttpResponseMessage answer, CancellationToken cancellation) =>
        client.ReadAsync<UserInfo>(new GitHubCall(HttpMethod.Get, Account.App, "user"), answer, cancellation);
}

internal sealed record AppInfo(long Id, string? Slug, string Name, UserInfo? Owner, Dictionary<string, string>? Permissions);

internal sealed record Installation(long Id, UserInfo? Account, Dictionary<string, string>? Permissions, string? RepositorySelection, DateTimeOffset? SuspendedAt, string? HtmlUrl);

internal sealed record InstallationTokenBody(string Token, DateTimeOffset ExpiresAt);

/// <param name="Type"><c>Organization</c>, <c>User</c> or <c>Bot</c>.</param>
internal sealed record UserInfo(string Login, string? Type)
{
    public bool IsOrganisation => Type == "Organization";
}
