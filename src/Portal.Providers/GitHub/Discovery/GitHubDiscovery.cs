using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Repositories;

namespace Portal.Providers.GitHub.Discovery;

/// <summary>
/// The descriptors in a GitHub's repositories. A commit is read once: as long as a branch stands where it stood, one
/// conditional request per repository is all.
/// </summary>
internal sealed class GitHubDiscovery(
    GitHubApi client, GitHubOptions options, GitHubRepositories repositories, OwnerHints owners) : ICatalogSource
{
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<RepositoryName, DiscoveredRepository> known = new();

    public string Instance => client.Instance;

    public string Type => GitHubOptions.Type;

    private IReadOnlyList<string> Places =>
        options.CatalogPath.Trim('/') is { Length: > 0 } own ? [own] : ["catalog-info.yaml", "catalog-info.yml"];

    public async IAsyncEnumerable<DiscoveredRepository> DiscoverAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (listed, incomplete) = await ListAsync(cancellation);
        foreach (var some in listed.Values.OrderBy(r => r.FullName, StringComparer.OrdinalIgnoreCase).Chunk(AtOnce))
        {
            foreach (var found in await Task.WhenAll(some.Select(r => FoundAsync(r, cancellation)))) yield return found;
        }
        incomplete?.Throw();
    }

    /// <summary>By their ids, and why these are not all.</summary>
    private async Task<(Dictionary<long, RepositoryBody> Listed, ExceptionDispatchInfo? Incomplete)> ListAsync(
        CancellationToken cancellation)
    {
        var listed = new Dictionary<long, RepositoryBody>();
        try
        {
            // GitHub has names that the portal cannot write, such as .github.
            await foreach (var body in repositories.ListedAsync(cancellation))
            {
                if (RepositoryName.TryParse(body.FullName, out _)) listed[body.Id] = body;
            }
            return (listed, null);
        }
        catch (ProviderException e)
        {
            return (listed, ExceptionDispatchInfo.Capture(e));
        }
    }

    public async Task<DiscoveredRepository?> ReadAsync(RepositoryName repository, CancellationToken cancellation)
    {
        try
        {
            return await client.FindRepositoryAsync(repository, cancellation) is { } body
                && RepositoryName.TryParse(body.FullName, out _)
                ? await FoundAsync(body, cancellation) : null;
        }
        // Taken down: GitHub lists it and tells nothing else of it.
        catch (ProviderException e) when (!e.IsTransient && e.Error.Kind == ErrorKind.Invalid)
        {
            var page = new Uri(client.Address.Web, repository.ToString()).AbsoluteUri;
            return new DiscoveredRepository(repository, page, "", null, false, null, null, null, null)
            {
                Problem = e.Message,
            };
        }
    }

    private async Task<DiscoveredRepository> FoundAsync(RepositoryBody body, CancellationToken cancellation)
    {
        var name = RepositoryName.Parse(body.FullName);
        var bare = new DiscoveredRepository(
            name, body.HtmlUrl, body.DefaultBranch, body.Description, body.Archived, null, null, null, null)
        {
            HostId = GitHubRepositories.HostId(body),
        };
        try
        {
            if (await client.FindBranchAsync(name, body.DefaultBranch, cancellation) is not { } head) return bare;
            if (known.TryGetValue(name, out var before) && before.HeadCommit == head) return bare with
            {
                HeadCommit = head, DescriptorPath = before.DescriptorPath, Descriptor = before.Descriptor,
                ProposedOwner = before.ProposedOwner,
            };
            return known[name] = await ReadAsync(bare with { HeadCommit = head }, head, cancellation);
        }
        // It is this one repository's: locked, taken down, too large, or gone since it was listed.
        catch (ProviderException e) when (!e.IsTransient)
        {
            return bare with { Problem = e.Message };
        }
    }

    private async Task<DiscoveredRepository> ReadAsync(
        DiscoveredRepository bare, string head, CancellationToken cancellation)
    {
        var files = await FilesAsync(bare.Name, head, cancellation);
        foreach (var path in Places.Where(p => files?.Contains(p) ?? true))
        {
            if (await repositories.ReadFileAsync(bare.Name, head, path, cancellation) is { } bytes)
            {
                return bare with { DescriptorPath = path, Descriptor = DiscoveredRepository.TextOf(bytes) };
            }
        }
        return bare with { ProposedOwner = await owners.FindAsync(bare.Name, head, files, cancellation) };
    }

    /// <summary>
    /// One request in the place of several for files that are not there; null when GitHub does not tell all of them.
    /// </summary>
    private async Task<HashSet<string>?> FilesAsync(RepositoryName name, string head, CancellationToken cancellation)
    {
        var tree = await client.GetTreeAsync(name, head, cancellation);
        return tree.Truncated
            ? null
            : tree.Tree.Where(e => e.Type == Octokit.TreeType.Blob).Select(e => e.Path)
            .ToHashSet(StringComparer.Ordinal);
    }
}
