using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>Capability: taking over what exists already, without making it anew.</summary>
public interface IEnvironmentAdoption : IProvider
{
    /// <summary>What is there and is not the portal's yet, by name.</summary>
    Task<IReadOnlyList<AdoptableEnvironment>> AdoptableAsync(CancellationToken cancellation);

    /// <summary>What adopting would change. Changes nothing.</summary>
    Task<EnvironmentPlan> PlanAdoptionAsync(AdoptEnvironment request, CancellationToken cancellation);

    /// <summary>Marks it as the portal's; nothing in it is made anew. Conflict (<c>environment-adopted</c>) when it is another's already.</summary>
    Task<EnvironmentInfo> AdoptAsync(AdoptEnvironment request, CancellationToken cancellation);

    /// <summary>What <see cref="ReleaseAsync"/> needs to bring it back to how it is now; opaque text.</summary>
    Task<string> StateAsync(string externalId, CancellationToken cancellation);

    /// <summary>Takes the portal's marks away again; everything else stays. One that is gone is fine.</summary>
    Task ReleaseAsync(string externalId, string state, CancellationToken cancellation);
}

/// <param name="ExternalId">The host's id.</param>
/// <param name="Source">What made it, where that can be seen: "Azure Deployment Environments, project shop".</param>
/// <param name="Resources">"Microsoft.App/containerApps orders".</param>
public sealed record AdoptableEnvironment(
    string ExternalId, string Name, string? Source, string? Location, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Resources);

/// <param name="Id">The portal's new id of it, as in <see cref="CreateEnvironment"/>.</param>
/// <param name="Labels">As in <see cref="CreateEnvironment"/>.</param>
public sealed record AdoptEnvironment(
    string Id, string ExternalId, string Name, string Type, RepositoryName Repository, string Mark, IReadOnlyDictionary<string, string> Labels);
