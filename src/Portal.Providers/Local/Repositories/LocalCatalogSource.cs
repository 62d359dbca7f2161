using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>The descriptors in the repositories on this machine. Every process reads them itself, and a commit once.</summary>
internal sealed class LocalCatalogSource(LocalRepositories repositories) : ICatalogSource
{
    private static readonly string[] Places = ["catalog-info.yaml", "catalog-info.yml"];

    private readonly ConcurrentDictionary<RepositoryName, DiscoveredRepository> known = new();

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public async IAsyncEnumerable<DiscoveredRepository> DiscoverAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var repository in await repositories.ListAsync(cancellation))
        {
            if (await TryReadAsync(repository, cancellation) is { } found) yield return found;
        }
    }

    public async Task<DiscoveredRepository?> ReadAsync(RepositoryName repository, CancellationToken cancellation) =>
        await repositories.FindAsync(repository, cancellation) is { } found ? await TryReadAsync(found, cancellation) : null;

    private async Task<DiscoveredRepository?> TryReadAsync(Repository repository, CancellationToken cancellation)
    {
        if (known.TryGetValue(repository.Name, out var before)
            && (before.HostId, before.HeadCommit, before.DefaultBranch) == (repository.HostId, repository.HeadCommit,
            repository.DefaultBranch))
            return before;
        var found = new DiscoveredRepository(
            repository.Name, repository.CloneUrl, repository.DefaultBranch, repository.Description, IsArchived: false,
            repository.HeadCommit, null, null, OwnerOf(repository))
        {
            HostId = repository.HostId,
        };
        if (repository.HeadCommit is not { } head) return found;
        try
        {
            foreach (var path in Places)
            {
                if (await repositories.ReadFileAsync(repository.Name, head, path, cancellation) is not { } bytes) continue;
                found = found with { DescriptorPath = path, Descriptor = Encoding.UTF8.GetString(bytes), ProposedOwner = null };
                break;
            }
        }
        catch (ProviderException e)
        {
            // Deleted while it was read, or the file is too large.
            return await repositories.FindAsync(repository.Name, cancellation) is null ? null : found with { Problem = e.Message };
        }
        return known[repository.Name] = found;
    }

    private static ProposedOwner? OwnerOf(Repository repository) =>
        EntityRef.TryParse(repository.Owner, "group", out var owner)
            ? new ProposedOwner(owner.Value.Name, !owner.Value.Kind.Equals("user", StringComparison.OrdinalIgnoreCase), $"{owner} asked for the repository")
            : null;
}
