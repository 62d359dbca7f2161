using System.Text.Json.Nodes;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Access;

namespace Portal.Providers.GitHub.Api;

/// <summary>Deployment environments, and who may approve deployments to them.</summary>
internal static class EnvironmentCalls
{
    private const string Administration = "Administration: write";

    public static Task<JsonObject?> FindEnvironmentAsync(this GitHubClient client, RepositoryName name, string environment, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, Path(name, environment), cancellation);

    public static Task PutEnvironmentAsync(this GitHubClient client, RepositoryName name, string environment, JsonObject body, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, Path(name, environment), body, Administration, cancellation);

    public static Task RemoveEnvironmentAsync(this GitHubClient client, RepositoryName name, string environment, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, environment), Administration, cancellation);

    /// <summary>Which branches and tags may deploy, where that is restricted by names.</summary>
    public static async Task<List<PolicyBody>> PoliciesAsync(this GitHubClient client, RepositoryName name, string environment, CancellationToken cancellation)
    {
        var found = new List<PolicyBody>();
        await foreach (var page in client.PagesAsync<PolicyList>(name, Path(name, environment) + "/deployment-branch-policies?per_page=100", cancellation)) found.AddRange(page.BranchPolicies);
        return found;
    }

    public static async Task CreatePolicyAsync(this GitHubClient client, RepositoryName name, string environment, NewPolicy policy, CancellationToken cancellation)
    {
        using var _ = await client.SendAsync(
            new GitHubCall(HttpMethod.Post, name, Path(name, environment) + "/deployment-branch-policies") { Body = policy, Needs = Administration }, cancellation);
    }

    public static Task RemovePolicyAsync(this GitHubClient client, RepositoryName name, string environment, long id, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, environment) + GitHubPath.Of($"/deployment-branch-policies/{id}"), Administration, cancellation);

    public static Task<Identity?> FindPersonAsync(this GitHubClient client, RepositoryName name, string login, CancellationToken cancellation) =>
        client.FindAsync<Identity>(new Account(name.Organisation), GitHubPath.Of($"users/{login}"), cancellation);

    public static Task<Identity?> FindTeamAsync(this GitHubClient client, RepositoryName name, string team, CancellationToken cancellation) =>
        client.FindAsync<Identity>(new Account(name.Organisation), GitHubPath.Of($"orgs/{name.Organisation}/teams/{team}"), cancellation);

    private static string Path(RepositoryName name, string environment) => GitHubPath.Of($"repos/{name}/environments/{environment}");
}

internal sealed record Identity(long Id);

internal sealed record PolicyList(List<PolicyBody> BranchPolicies);

/// <param name="Type"><c>branch</c> (also when it is not told) or <c>tag</c>.</param>
internal sealed record PolicyBody(long Id, string Name, string? Type);

internal sealed record NewPolicy(string Name, string Type);
