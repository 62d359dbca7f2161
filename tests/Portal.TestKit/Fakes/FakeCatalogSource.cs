using System.Runtime.CompilerServices;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>Repositories as a test says that they are.</summary>
public sealed class FakeCatalogSource(string instance = "forge") : ICatalogSource
{
    public string Instance => instance;

    public string Type => "Fake";

    public Dictionary<string, DiscoveredRepository> Repositories { get; } = new(StringComparer.Ordinal);

    /// <summary>Thrown after all repositories were told: the list may not be whole.</summary>
    public ProviderException? Failure { get; set; }

    /// <param name="descriptor">Null: it has none.</param>
    /// <param name="id">The host's own; null: it has none.</param>
    public void Put(
        string name, string? descriptor, string commit = "1", ProposedOwner? owner = null, string? id = null) =>
        Repositories[name] = new DiscoveredRepository(
            RepositoryName.Parse(name), $"https://{instance}.example/{name}", "main", null, false, commit,
            descriptor is null ? null : "catalog-info.yaml", descriptor, owner)
        {
            HostId = id,
        };

    public async IAsyncEnumerable<DiscoveredRepository> DiscoverAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Yield();
        foreach (var repository in Repositories.Values.ToList()) yield return repository;
        if (Failure is not null) throw Failure;
    }

    public Task<DiscoveredRepository?> ReadAsync(RepositoryName repository, CancellationToken cancellation) =>
        Task.FromResult(Repositories.GetValueOrDefault(repository.ToString()));
}
