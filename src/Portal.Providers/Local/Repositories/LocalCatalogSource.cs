using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// The descriptors in the repositories on this machine. Every process reads them itself, and a commit once.
/// </summary>
internal sealed class LocalCatalogSource(LocalRepositories repositories) : ICatalogSource
{
    private static readonly string[] Places = ["catalog-info.yaml", "catalog-info.yml"];

    private readonly ConcurrentDictionary<RepositoryName, (string Commit, string? Path, string? Text)> known = new();

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public async IAsyncEnumerable<DiscoveredRepository> DiscoverAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var name in repositories.Names())
        {
            if (await ReadAsync(name, cancellation) is { } found) yield return found;
        }
    }

    public async Task<DiscoveredRepository?> ReadAsync(RepositoryName repository, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await repositories.FindAsync(repository, cancellation) is { } found
                ? await ReadAsync(found, cancellation) : null;
        }
        catch (ProviderException e)
        {
            // Its files are spoilt, or one is too large: it is this one's alone.
            if (!repositories.IsThere(repository)) return null;
            var address = repositories.CloneUrl(repository);
            return new DiscoveredRepository(repository, address, "", null, false, null, null, null, null)
            {
                Problem = e.Message,
            };
        }
    }

    private async Task<DiscoveredRepository> ReadAsync(Repository repository, CancellationToken cancellation)
    {
        var bare = new DiscoveredRepository(
            repository.Name, repository.CloneUrl, repository.DefaultBranch, repository.Description, IsArchived: false,
            repository.HeadCommit, null, null, OwnerOf(repository))
        {
            HostId = repository.HostId,
        };
        if (repository.HeadCommit is not { } head) return bare;
        if (!known.TryGetValue(repository.Name, out var read) || read.Commit != head)
        {
            known[repository.Name] = read = await DescriptorAsync(repository.Name, head, cancellation);
        }
        return read.Path is null
            ? bare : bare with { DescriptorPath = read.Path, Descriptor = read.Text, ProposedOwner = null };
    }

    private async Task<(string Commit, string? Path, string? Text)> DescriptorAsync(
        RepositoryName name, string head, CancellationToken cancellation)
    {
        foreach (var path in Places)
        {
            if (await repositories.ReadFileAsync(name, head, path, cancellation) is { } bytes)
            {
                return (head, path, DiscoveredRepository.TextOf(bytes));
            }
        }
        return (head, null, null);
    }

    private static ProposedOwner? OwnerOf(Repository repository) =>
        EntityRef.TryParse(repository.Owner, "group", out var owner)
        ? new ProposedOwner(
            owner.Value.Name, !owner.Value.Kind.Equals(
                "user", StringComparison.OrdinalIgnoreCase), $"{owner} asked for the repository")
        : null;
}
