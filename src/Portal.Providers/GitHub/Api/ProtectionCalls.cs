using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Protected branches and rulesets.</summary>
internal static class ProtectionCalls
{
    private const string Administration = "Administration: write";

    /// <summary>Null when the branch is not protected.</summary>
    public static Task<JsonObject?> FindProtectionAsync(
        this GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, Path(name, branch), cancellation);

    public static Task PutProtectionAsync(
        this GitHubApi client, RepositoryName name, string branch, JsonObject body, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, Path(name, branch), body, Administration, cancellation);

    public static Task RemoveProtectionAsync(
        this GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, branch), Administration, cancellation);

    public static Task RequireSignaturesAsync(
        this GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Post, name, Path(name, branch) + "/required_signatures", null, Administration, cancellation);

    public static Task WaiveSignaturesAsync(
        this GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, branch) + "/required_signatures", Administration, cancellation);

    /// <summary>The repository's own, without those of its organisation.</summary>
    public static IAsyncEnumerable<JsonObject> RulesetsAsync(
        this GitHubApi client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<JsonObject>(
            name, GitHubPath.Of($"repos/{name}/rulesets?includes_parents=false&per_page=100"), cancellation);

    public static Task<JsonObject?> FindRulesetAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/rulesets/{id}"), cancellation);

    public static Task<JsonObject> CreateRulesetAsync(
        this GitHubApi client, RepositoryName name, JsonObject body, CancellationToken cancellation) =>
        client.PostAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/rulesets"), body, Administration, cancellation);

    public static Task<JsonObject> ChangeRulesetAsync(
        this GitHubApi client, RepositoryName name, long id, JsonObject body, CancellationToken cancellation) =>
        client.SendAsync<JsonObject>(
            new UntypedCall(HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/rulesets/{id}"))
            {
                Body = body, Needs = Administration,
            }, cancellation);

    public static Task RemoveRulesetAsync(
        this GitHubApi client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.RemoveAsync(name, GitHubPath.Of($"repos/{name}/rulesets/{id}"), Administration, cancellation);

    private static string Path(RepositoryName name, string branch) =>
        GitHubPath.Of($"repos/{name}/branches/{branch}/protection");
}
