using System.Text.Json.Nodes;
using Octokit;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Deployment environments, and who may approve deployments to them.</summary>
internal static class EnvironmentCalls
{
    private const string Administration = "Administration: write";

    public static Task<JsonObject?> FindEnvironmentAsync(
        this GitHubApi client, RepositoryName name, string environment, CancellationToken cancellation) =>
        client.FindAsync<JsonObject>(name, Path(name, environment), cancellation);

    public static Task PutEnvironmentAsync(
        this GitHubApi client, RepositoryName name, string environment, JsonObject body,
        CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, Path(name, environment), body, Administration, cancellation);

    public static Task RemoveEnvironmentAsync(
        this GitHubApi client, RepositoryName name, string environment, CancellationToken cancellation) =>
        client.RemoveAsync(name, Path(name, environment), Administration, cancellation);

    /// <summary>Which branches and tags may deploy, where that is restricted by names.</summary>
    public static async Task<List<PolicyBody>> PoliciesAsync(
        this GitHubApi client, RepositoryName name, string environment, CancellationToken cancellation)
    {
        var found = new List<PolicyBody>();
        var path = Path(name, environment) + "/deployment-branch-policies?per_page=100";
        await foreach (var page in client.PagesAsync<PolicyList>(name, path, cancellation))
        {
            found.AddRange(page.BranchPolicies);
        }
        return found;
    }

    public static async Task CreatePolicyAsync(
        this GitHubApi client, RepositoryName name, string environment, NewPolicy policy,
        CancellationToken cancellation)
    {
        await client.SendAsync(
            new UntypedCall(HttpMethod.Post, name, Path(name, environment) + "/deployment-branch-policies")
            {
                Body = policy, Needs = Administration,
            }, cancellation);
    }

    public static Task RemovePolicyAsync(
        this GitHubApi client, RepositoryName name, string environment, long id, CancellationToken cancellation) =>
        client.RemoveAsync(
            name, Path(name, environment) + GitHubPath.Of($"/deployment-branch-policies/{id}"), Administration,
            cancellation);

    public static Task<Team?> FindTeamAsync(
        this GitHubApi client, RepositoryName name, string team, CancellationToken cancellation)
    {
        var slug = GitHubPath.Of($"{team}");
        return client.FindAsync(
            new GitHubCall(name), octokit => octokit.Organization.Team.GetByName(name.Organisation, slug),
            cancellation);
    }

    private static string Path(RepositoryName name, string environment) =>
        GitHubPath.Of($"repos/{name}/environments/{environment}");
}

internal sealed record PolicyList(List<PolicyBody> BranchPolicies);

/// <param name="Type"><c>branch</c> (also when it is not told) or <c>tag</c>.</param>
internal sealed record PolicyBody(long Id, string Name, string? Type);

internal sealed record NewPolicy(string Name, string Type);
