using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <param name="Lifetime">Null = no end.</param>
/// <param name="AdoptedFrom">The provider's id of what was there before; null for what the portal made.</param>
public sealed record NewEnvironment(
    string Id, string Name, EntityRef Component, EntityRef Owner, string Type, EnvironmentSize Size, string Provider,
    RepositoryName Repository,
    bool FollowsDefaultBranch, string? Reason, Actor CreatedBy, Guid RunId, TimeSpan? Lifetime, string? Definition,
    string RepositoryProvider, string? AdoptedFrom = null);
