using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Protected branches and rulesets.</summary>
internal static class ProtectionCalls
{
    private const string Administration = "Administration: write";

    /// <summary>Null when the branch is not protected.</summary>
    public static Task<JsonObject?> FindProtectionAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, Path(name, branch), cancellation);

    public static Task PutProtectionAsync(this GitHubClient client, RepositoryName name, string branch, JsonObject body, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, Path(name, branch), body, Administration, cancellation);

    public static Task RemoveProtectionAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, branch), Administration, cancellation);

    public static Task RequireSignaturesAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Post, name, Path(name, branch) + "/required_signatures", null, Administration, cancellation);

    public static Task WaiveSignaturesAsync(this GitHubClient client, RepositoryName name, string branch, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, branch) + "/required_signatures", Administration, cancellation);

    /// <summary>The repository's own, without those of its organisation.</summary>
    public static IAsyncEnumerable<JsonObject> RulesetsAsync(this GitHubClient client, RepositoryName name, CancellationToken cancellation) =>
        client.ItemsAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/rulesets?includes_parents=false&per_page=100"), cancellation);

    public static Task<JsonObject?> FindRulesetAsync(this GitHubClient client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/rulesets/{id}"), cancellation);

    public static Task<JsonObject> CreateRulesetAsync(this GitHubClient client, RepositoryName name, JsonObject body, CancellationToken cancellation) =>
        client.PostAsync<JsonObject>(name, GitHubPath.Of($"repos/{name}/rulesets"), body, Administration, cancellation);

    public static Task<JsonObject> ChangeRulesetAsync(this GitHubClient client, RepositoryName name, long id, JsonObject body, CancellationToken cancellation) =>
        client.SendAsync<JsonObject>(
            new GitHubCall(HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/rulesets/{id}")) { Body = body, Needs = Administration }, cancellation);

    public static Task RemoveRulesetAsync(this GitHubClient client, RepositoryName name, long id, CancellationToken cancellation) =>
        client.RemoveAsync(name, GitHubPath.Of($"repos/{name}/rulesets/{id}"), Administration, cancellation);

    private static string Path(RepositoryName name, string branch) => GitHubPath.Of($"repos/{name}/branches/{branch}/protection");
}
