using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Entities;

/// <summary>The one answer to "whose is this repository", for one and for the rows of many.</summary>
public static class RepositoryOwners
{
    /// <summary>The owner of the entity that was read from it, a component first. Until one is registered, the team that its organisation is named after.</summary>
    public static async Task<EntityRef> OwnerAsync(this PortalDbContext db, string provider, string repository, CancellationToken cancellation)
    {
        var owner = await db.Set<CatalogEntity>().Where(e => e.Provider == provider && e.Repository == repository && e.Owner != null)
            .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id).Select(e => e.Owner).FirstOrDefaultAsync(cancellation);
        return EntityRef.Owner(owner) ?? EntityRef.Group(repository.Split('/')[0]);
    }

    /// <summary>The same, worked out by the database where a query needs it: a service that changes hands takes its past along at once.</summary>
    public static IQueryable<T> OfOwners<T>(this IQueryable<T> query, PortalDbContext db, IReadOnlyList<string> owners)
        where T : class, IOfRepository =>
        query.Where(r => owners.Contains(
            db.Set<CatalogEntity>().Where(e => e.Provider == r.Provider && e.Repository == r.Repository && e.Owner != null)
                .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id).Select(e => e.Owner).FirstOrDefault()
#pragma warning disable CA1866 // It becomes SQL.
            ?? "group:default/" + r.Repository.Substring(0, r.Repository.IndexOf("/")).ToLower()));
#pragma warning restore CA1866
}
