using System.Text;
using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: finding the descriptors in the repositories of a host. Every call throws only
/// <see cref="ProviderException"/> for what can be expected.
/// </summary>
public interface ICatalogSource : IProvider
{
    /// <summary>
    /// All repositories that the instance may see, archived and empty ones too, each once, as they are now. One that
    /// cannot be read keeps no other from being told. It ends without an exception only when all were told: what was
    /// not told then is not there any more.
    /// </summary>
    IAsyncEnumerable<DiscoveredRepository> DiscoverAsync(CancellationToken cancellation);

    /// <summary>One of them, as <see cref="DiscoverAsync"/> would tell it; null when it is not there.</summary>
    Task<DiscoveredRepository?> ReadAsync(RepositoryName repository, CancellationToken cancellation);
}

/// <param name="Name">As the host writes it now.</param>
/// <param name="HeadCommit">Of the default branch; null for an empty repository.</param>
/// <param name="DescriptorPath">
/// Where its descriptor lies at <paramref name="HeadCommit"/>, in this case; null when it has none.
/// </param>
/// <param name="Descriptor">The descriptor's text, without a byte-order mark.</param>
/// <param name="ProposedOwner">Of a repository without a descriptor, where the host gives a hint.</param>
public sealed record DiscoveredRepository(
    RepositoryName Name, string WebUrl, string DefaultBranch, string? Description, bool IsArchived, string? HeadCommit,
    string? DescriptorPath, string? Descriptor, ProposedOwner? ProposedOwner)
{
    /// <summary>As <see cref="Repository.HostId"/>.</summary>
    public string? HostId { get; init; }

    /// <summary>
    /// Why it could not be read, for good: then nothing else than its name is sure. Null when it was.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>What the bytes of a descriptor's file say.</summary>
    public static string TextOf(ReadOnlySpan<byte> descriptor) => Encoding.UTF8.GetString(
        descriptor.StartsWith(Encoding.UTF8.Preamble) ? descriptor[Encoding.UTF8.Preamble.Length..] : descriptor);
}

/// <param name="Name">Slug of a team, or login, in lower case.</param>
/// <param name="Reason">"CODEOWNERS names @shop/checkout", "14 of the last 20 commits are by ada".</param>
public sealed record ProposedOwner(string Name, bool IsTeam, string Reason);
