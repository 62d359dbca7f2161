using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Entities;

/// <summary>What the record of a happening in a repository is about.</summary>
/// <param name="Subject">The entity that was read from it, else the repository.</param>
public sealed record RepositorySubject(string Subject, EntityRef Owner);

/// <summary>The one answer to "whose is this repository", for one and for the rows of many.</summary>
public static class RepositoryOwners
{
    /// <summary>The row that a name means now; null when none is known.</summary>
    public static async Task<Guid?> RepositoryAsync(
        this PortalDbContext db, string provider, string name, CancellationToken cancellation)
    {
        var query = db.Database.SqlQuery<Guid?>($"""select find_repository({provider}, {name}) as "Value" """);
        return (await query.ToListAsync(cancellation))[0];
    }

    /// <summary>
    /// The owner of the entity that was read from it, a component first. Until one is registered, the team that its
    /// organisation is named after.
    /// </summary>
    public static Task<EntityRef> OwnerAsync(
        this PortalDbContext db, IOfRepository of, CancellationToken cancellation) =>
        db.OwnerAsync(of.RepositoryId, of.Repository, cancellation);

    public static async Task<EntityRef> OwnerAsync(
        this PortalDbContext db, string provider, string repository, CancellationToken cancellation) =>
        await db.OwnerAsync(await db.RepositoryAsync(provider, repository, cancellation), repository, cancellation);

    /// <summary>The same with what to call it on record.</summary>
    public static async Task<RepositorySubject> AboutAsync(
        this PortalDbContext db, string provider, string repository, CancellationToken cancellation) =>
        await db.AboutAsync(await db.RepositoryAsync(provider, repository, cancellation), provider, repository,
            cancellation);

    public static async Task<RepositorySubject> AboutAsync(
        this PortalDbContext db, Guid? id, string provider, string repository, CancellationToken cancellation)
    {
        var first = await db.FromRepository(id).Select(e => new { e.Kind, e.Namespace, e.Name })
            .FirstOrDefaultAsync(cancellation);
        var subject = first is null ? Subject(provider, repository)
            : new EntityRef(first.Kind, first.Namespace, first.Name).ToString();
        return new RepositorySubject(subject, await db.OwnerAsync(id, repository, cancellation));
    }

    /// <summary>How the record names a repository of which the catalog has nothing.</summary>
    public static string Subject(string provider, string repository) => $"repository:{provider}/{repository}";

    /// <summary>
    /// The same owner, worked out by the database where a query needs it: a service that changes hands takes its past
    /// along at once.
    /// </summary>
    public static IQueryable<T> OfOwners<T>(this IQueryable<T> query, PortalDbContext db, IReadOnlyList<string> owners)
        where T : class, IOfRepository =>
        query.Where(r => owners.Contains(
            db.Set<CatalogEntity>().Where(e => e.RepositoryId == r.RepositoryId && e.Owner != null)
                .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id).Select(e => e.Owner).FirstOrDefault()
#pragma warning disable CA1866 // It becomes SQL.
            ?? "group:default/" + r.Repository.Substring(0, r.Repository.IndexOf("/")).ToLower()));
#pragma warning restore CA1866

    /// <summary>What was read from it, a component first.</summary>
    public static IQueryable<CatalogEntity> FromRepository(this PortalDbContext db, Guid? id) =>
        db.Set<CatalogEntity>().AsNoTracking().Where(e => id != null && e.RepositoryId == id)
            .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id);

    private static async Task<EntityRef> OwnerAsync(
        this PortalDbContext db, Guid? id, string repository, CancellationToken cancellation)
    {
        var owner = await db.FromRepository(id).Where(e => e.Owner != null).Select(e => e.Owner)
            .FirstOrDefaultAsync(cancellation);
        return EntityRef.Owner(owner) ?? EntityRef.Group(repository.Split('/')[0]);
    }
}
