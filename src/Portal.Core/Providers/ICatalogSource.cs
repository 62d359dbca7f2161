using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>Capability: finding the descriptors in the repositories of a host.</summary>
public interface ICatalogSource : IProvider
{
    /// <summary>All repositories that the instance may see, archived ones too.</summary>
    IAsyncEnumerable<DiscoveredRepository> DiscoverAsync(CancellationToken cancellation);

    /// <summary>One of them; null when it is not there.</summary>
    Task<DiscoveredRepository?> ReadAsync(RepositoryName repository, CancellationToken cancellation);
}

/// <param name="HeadCommit">Of the default branch; null for an empty repository.</param>
/// <param name="DescriptorPath">Where its descriptor lies on the default branch; null when it has none.</param>
/// <param name="Descriptor">The descriptor's text.</param>
/// <param name="ProposedOwner">Of a repository without a descriptor, where the host gives a hint.</param>
public sealed record DiscoveredRepository(
    RepositoryName Name, string WebUrl, string DefaultBranch, string? Description, bool IsArchived, string? HeadCommit, string? DescriptorPath,
    string? Descriptor, ProposedOwner? ProposedOwner)
{
    /// <summary>As <see cref="Repository.HostId"/>.</summary>
    public string? HostId { get; init; }

    /// <summary>Why it could not be read, for good: then nothing else than its name is sure. Null when it was.</summary>
    public string? Problem { get; init; }
}

/// <param name="Name">Slug of a team, or login.</param>
/// <param name="Reason">"CODEOWNERS names @shop/checkout", "14 of the last 20 commits are by ada".</param>
public sealed record ProposedOwner(string Name, bool IsTeam, string Reason);
