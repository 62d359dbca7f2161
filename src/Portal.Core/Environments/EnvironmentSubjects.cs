using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>The component that an environment is asked for, whose it is, and where its repository lies.</summary>
public sealed record EnvironmentSubject(
    CatalogEntity Component, EntityRef Owner, IRepositoryHost Repositories, RepositoryName Repository);

/// <summary>Finds components of which the person may have environments.</summary>
public sealed class EnvironmentSubjects(Authorise authorise, ProviderRegistry providers)
{
    public async Task<Result<EnvironmentSubject>> FindAsync(
        PortalDbContext db, EntityRef named, Actor actor, CancellationToken cancellation)
    {
        var component = await db.Set<CatalogEntity>().AsNoTracking()
            .SingleOrDefaultAsync(e => e.Key == named.Key, cancellation);
        if (component is null) return Error.NotFound("entity-not-found", $"There is no {named} in the catalog.");
        if (EntityRef.Owner(component.Owner) is not { } owner)
        {
            return Error.Conflict("no-owner", $"{named} has no owner; add spec.owner to its descriptor.");
        }
        var allowed = await authorise.CheckAsync(actor, Permissions.EnvironmentChange, owner, cancellation);
        if (allowed.Error is { } refused) return refused;
        if (component.RepositoryId is { } id && await db.Set<RepositoryRow>()
            .AnyAsync(r => r.Id == id && r.GoneAt != null, cancellation))
        {
            return Error.Conflict("repository-gone",
                $"{named} was read from {component.Repository}, which is not there any more. Register it anew.");
        }
        if (component.Provider is null || providers.Find<IRepositoryHost>(component.Provider) is not { } repositories
            || !RepositoryName.TryParse(component.Repository, out var repository))
        {
            return Error.Conflict("no-repository", $"{named} has no repository that the portal knows.");
        }
        return new EnvironmentSubject(component, owner, repositories, repository.Value);
    }

    /// <summary>
    /// What is at a provider and nobody's yet may be taken over only by who may change everybody's environments.
    /// </summary>
    public async Task<Error?> WhyNotAdoptAsync(Actor actor, CancellationToken cancellation) =>
        await authorise.MayAsync(actor, Permissions.EnvironmentChange, null, cancellation) ? null : Error.Forbidden(
            "adoption-not-allowed",
            "Only who may change every team's environments may adopt one, because it belongs to nobody yet. "
            + "Ask the platform team.");
}
