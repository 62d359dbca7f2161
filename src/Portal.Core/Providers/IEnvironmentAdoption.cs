using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: taking over what exists already, without making it anew. What was adopted is one of the environments of
/// the instance's <see cref="IEnvironmentHost"/>. Every call throws only <see cref="ProviderException"/> for what can
/// be expected.
/// </summary>
public interface IEnvironmentAdoption : IProvider
{
    /// <summary>All that is there and is not the portal's yet, by name.</summary>
    Task<IReadOnlyList<AdoptableEnvironment>> AdoptableAsync(CancellationToken cancellation);

    /// <summary>What adopting would change; refuses what adopting would refuse. Changes nothing.</summary>
    Task<EnvironmentPlan> PlanAdoptionAsync(AdoptEnvironment request, CancellationToken cancellation);

    /// <summary>
    /// Marks it as the portal's; nothing in it is made anew. The same request again returns the same.
    /// </summary>
    /// <exception cref="ProviderException">
    /// Conflict (<c>environment-adopted</c>) when it is the portal's already by another id or mark, also when that one
    /// was faster in this moment. NotFound (<c>environment-not-found</c>) when it is not there, or the credentials do
    /// not see it.
    /// </exception>
    Task<EnvironmentInfo> AdoptAsync(AdoptEnvironment request, CancellationToken cancellation);

    /// <summary>
    /// What <see cref="ReleaseAsync"/> needs to bring it back to how it is now; opaque text. NotFound as in
    /// <see cref="AdoptAsync"/>.
    /// </summary>
    Task<string> StateAsync(string externalId, CancellationToken cancellation);

    /// <summary>
    /// Takes the portal's marks away again, and brings back what they replaced; everything else stays as it is by now.
    /// One that is gone, or released already, is fine.
    /// </summary>
    Task ReleaseAsync(string externalId, string state, CancellationToken cancellation);
}

/// <param name="ExternalId">The host's id.</param>
/// <param name="Source">What made it, where that can be seen: "Azure Deployment Environments, project shop".</param>
/// <param name="Resources">"Microsoft.App/containerApps orders".</param>
public sealed record AdoptableEnvironment(
    string ExternalId, string Name, string? Source, string? Location, IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<string> Resources);

/// <param name="Id">The portal's new id of it, as in <see cref="CreateEnvironment"/>.</param>
/// <param name="ExternalId">
/// The host's id, as <see cref="AdoptableEnvironment"/> has it; text of any kind is refused, not a bug.
/// </param>
/// <param name="Labels">As in <see cref="CreateEnvironment"/>.</param>
public sealed record AdoptEnvironment(
    string Id, string ExternalId, string Name, string Type, RepositoryName Repository, string Mark,
    IReadOnlyDictionary<string, string> Labels);
