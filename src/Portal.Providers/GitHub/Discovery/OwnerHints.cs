using System.Text;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Repositories;
using Portal.Providers.GitHub.Webhooks;

namespace Portal.Providers.GitHub.Discovery;

/// <summary>Who a repository probably belongs to: what CODEOWNERS says, else who works on it.</summary>
internal sealed class OwnerHints(GitHubApi client, GitHubRepositories repositories)
{
    private const int Commits = 20;

    /// <param name="files">All paths at the commit; null when there are too many to tell.</param>
    public async Task<ProposedOwner?> FindAsync(
        RepositoryName name, string commit, IReadOnlySet<string>? files, CancellationToken cancellation)
    {
        foreach (var path in CodeOwners.Paths.Where(p => files?.Contains(p) ?? true))
        {
            if (await repositories.ReadFileAsync(name, commit, path, cancellation) is not { } bytes) continue;
            if (CodeOwners.OfAll(Encoding.UTF8.GetString(bytes)) is not { } owner) break;
            return owner.Split('/') is [_, var team]
                ? new ProposedOwner(team.ToLowerInvariant(), IsTeam: true, $"{path} names @{owner} for everything")
                : new ProposedOwner(owner.ToLowerInvariant(), IsTeam: false, $"{path} names @{owner} for everything");
        }
        return await BusiestAsync(name, commit, cancellation);
    }

    private async Task<ProposedOwner?> BusiestAsync(RepositoryName name, string commit, CancellationToken cancellation)
    {
        var call = new UntypedCall(
            HttpMethod.Get, name,
            GitHubPath.Of($"repos/{name}/commits?sha={commit}&per_page={Commits}")) { Needs = "Contents: read" };
        var authors = (await client.SendAsync<List<JsonElement>>(call, cancellation)).ToList();
        var busiest = authors.Where(c => c.Text("author", "type") is null or "User")
            .Select(c => c.Text("author", "login")).OfType<string>()
            .GroupBy(login => login.ToLowerInvariant()).OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault();
        return busiest is null
            ? null
            : new ProposedOwner(
                busiest.Key, IsTeam: false,
                $"{busiest.Count()} of the last {authors.Count} commits are by {busiest.First()}");
    }
}
