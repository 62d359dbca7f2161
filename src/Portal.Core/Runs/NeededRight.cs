using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// What somebody must be allowed for whom a run changes or reads something: what they would need to do the same by
/// hand.
/// </summary>
public abstract record NeededRight(string Permission);

/// <param name="Provider">The instance that has the repository.</param>
/// <param name="OfAbsentToo">
/// Where it is not there, or no provider has it, the right is needed everywhere. Otherwise nothing is needed: the
/// change fails by itself.
/// </param>
public sealed record RightOnRepository(
    string Provider, RepositoryName Repository, string Permission = Permissions.RepositoryPush,
    bool OfAbsentToo = false)
    : NeededRight(Permission);

/// <summary>On an entity of the catalog that is there already.</summary>
public sealed record RightOnEntity(EntityRef Entity, string Permission) : NeededRight(Permission);

/// <summary>On a thing whose row knows its owner: an environment.</summary>
/// <param name="What">In words, for who may not: "The environment dev of orders".</param>
/// <param name="Owner">Key; null when it has none.</param>
/// <param name="MadeBy">The run that made it: what a run made is its own.</param>
public sealed record RightOnOwned(string What, string? Owner, Guid MadeBy, string Permission) : NeededRight(Permission);

/// <summary>On what has no owner, or is everybody's.</summary>
public sealed record RightEverywhere(string Permission) : NeededRight(Permission);
