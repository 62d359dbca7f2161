using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>Who may change people and teams.</summary>
public sealed class OrganisationRights(Authorise authorise)
{
    /// <summary>Null for who administers the portal: who is in which team is who may do what.</summary>
    public async Task<Error?> AdministerAsync(Actor actor, CancellationToken cancellation) =>
        (await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error;

    /// <summary>
    /// Null for who administers the portal, and for members of the team who may change what is its own: nobody gives
    /// rights that they do not have.
    /// </summary>
    public async Task<Error?> OfTeamAsync(EntityRef team, Actor actor, CancellationToken cancellation)
    {
        if (actor.IsNobody) return Authorise.NotSignedIn;
        if (await AdministerAsync(actor, cancellation) is null) return null;
        return actor.Is(team) && await authorise.MayAsync(actor, Permissions.CatalogChange, team, cancellation)
            ? null
            : OrganisationErrors.NotForYou;
    }

    /// <summary>Null for who may see the entity.</summary>
    public async Task<Error?> SeeAsync(string? owner, Actor actor, CancellationToken cancellation) =>
        (await authorise.CheckAsync(actor, Permissions.CatalogRead, EntityRef.Owner(owner), cancellation)).Error;
}
