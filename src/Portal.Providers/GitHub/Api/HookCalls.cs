using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Webhooks, autolinks, deploy keys and the pages of a repository.</summary>
internal static class HookCalls
{
    private const string Administration = "Administration: write";
    private const string Webhooks = "Webhooks: write";
    private const string Pages = "Pages: write, Administration: write";

    public static IAsyncEnumerable<HookBody> HooksAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<HookBody>(name, GitHubPath.Of($"repos/{name}/hooks?per_page=100"), cancellation);

    public static Task<HookBody> CreateHookAsync(
        this GitHubApi client, RepositoryName name, NewHook body, CancellationToken cancellation) =>
        client.PostAsync<HookBody>(name, GitHubPath.Of($"repos/{name}/hooks"), body, Webhooks, cancellation);

    public static Task ChangeHookAsync(
        this GitHubApi client, RepositoryName name, long id, NewHook body, CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}/hooks/{id}"), body, Webhooks, cancellation);

    public static Task RemoveHookAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.RemoveAsync(name, GitHubPath.Of($"repos/{name}/hooks/{id}"), Webhooks, cancellation);

    /// <summary>GitHub tells them all at once.</summary>
    public static IAsyncEnumerable<Autolink> AutolinksAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<Autolink>(name, GitHubPath.Of($"repos/{name}/autolinks"), cancellation);

    public static Task<Autolink> CreateAutolinkAsync(
        this GitHubApi client, RepositoryName name, NewAutolink body, CancellationToken cancellation) =>
        client.PostAsync<Autolink>(name, GitHubPath.Of($"repos/{name}/autolinks"), body, Administration, cancellation);

    public static Task RemoveAutolinkAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.RemoveAsync(name, GitHubPath.Of($"repos/{name}/autolinks/{id}"), Administration, cancellation);

    public static IAsyncEnumerable<DeployKeyBody> DeployKeysAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<DeployKeyBody>(name, GitHubPath.Of($"repos/{name}/keys?per_page=100"), cancellation);

    public static Task<DeployKeyBody> CreateDeployKeyAsync(
        this GitHubApi client, RepositoryName name, NewDeployKey body, CancellationToken cancellation) =>
        client.PostAsync<DeployKeyBody>(name, GitHubPath.Of($"repos/{name}/keys"), body, Administration, cancellation);

    public static Task RemoveDeployKeyAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.RemoveAsync(name, GitHubPath.Of($"repos/{name}/keys/{id}"), Administration, cancellation);

    /// <summary>Null when the repository has no pages.</summary>
    public static Task<JsonObject?> FindPagesAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/pages"), cancellation);

    public static Task<JsonObject> CreatePagesAsync(
        this GitHubApi client, RepositoryName name, JsonObject body, CancellationToken cancellation) =>
        client.PostAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/pages"), body, Pages, cancellation);

    public static Task ChangePagesAsync(
        this GitHubApi client, RepositoryName name, JsonObject body, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/pages"), body, Pages, cancellation);

    public static Task RemovePagesAsync(this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.RemoveAsync(name, GitHubPath.Of($"repos/{name}/pages"), Pages, cancellation);
}

/// <param name="Config">As <see cref="HookConfig"/>, the secret starred out; GitHub tells <c>insecure_ssl</c> as text
/// or as a number.</param>
internal sealed record HookBody(long Id, JsonObject Config, List<string> Events, bool Active)
{
    public string? Url => (string?)Config["url"];
}

/// <param name="InsecureSsl"><c>"0"</c> or <c>"1"</c>.</param>
internal sealed record HookConfig(string? Url, string? ContentType, string? InsecureSsl, string? Secret = null);

/// <param name="Name">Always <c>web</c>; null when one is changed.</param>
internal sealed record NewHook(string? Name, HookConfig Config, IReadOnlyList<string> Events, bool Active);

internal sealed record Autolink(long Id, string KeyPrefix, string UrlTemplate, bool IsAlphanumeric);

internal sealed record NewAutolink(string KeyPrefix, string UrlTemplate, bool? IsAlphanumeric);

internal sealed record DeployKeyBody(long Id, string Key, string Title);

internal sealed record NewDeployKey(string Title, string Key, bool ReadOnly);
