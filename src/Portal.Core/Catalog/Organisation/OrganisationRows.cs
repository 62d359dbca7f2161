using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>People and teams inside of one change.</summary>
internal sealed class OrganisationRows(PortalDbContext db, DateTimeOffset now)
{
    private const string Group = "Group";
    private const string User = "User";

    public PortalDbContext Db => db;

    public DateTimeOffset Now => now;

    public List<AuditEntry> Audit { get; } = [];

    /// <summary>Whose the change of an entity is on record: a team's own.</summary>
    public static EntityRef? Owner(EntityRef entity) => CatalogRights.IsTeam(entity.Kind) ? entity : null;

    public async Task<Result<CatalogEntity>> TeamAsync(EntityRef team, CancellationToken cancellation) =>
        await FindAsync(team, Group, cancellation) is { } row ? row : OrganisationErrors.NoTeam(team);

    public async Task<Result<CatalogEntity>> PersonAsync(EntityRef person, CancellationToken cancellation) =>
        await FindAsync(person, User, cancellation) is { } row ? row : OrganisationErrors.NoPerson(person);

    /// <summary>Creates what is new and writes what says something else, with as many statements for many.</summary>
    /// <param name="location">Where they are from, from now on; what is part of the sample stays so.</param>
    /// <param name="by">On record.</param>
    /// <returns>How many were created and how many changed.</returns>
    public async Task<(int Created, int Updated)> PutAsync(
        IReadOnlyList<Descriptor> descriptors, string location, Actor by, CancellationToken cancellation)
    {
        var keys = descriptors.Select(d => d.Ref.Key).ToList();
        var known = await db.Set<CatalogEntity>().Where(e => keys.Contains(e.Key))
            .ToDictionaryAsync(e => e.Key, cancellation);
        var (related, created) = (new List<Descriptor>(), 0);
        foreach (var descriptor in descriptors)
        {
            var json = descriptor.Json.ToJsonString(Json.Options);
            var row = known.GetValueOrDefault(descriptor.Ref.Key);
            if (row is not null && !row.IsSample) row.Location = location;
            if (row?.IsDescribedBy(json) == true) continue;
            Record(row is null ? "created" : "updated", descriptor.Ref, by);
            if (row is null) created++;
            row ??= Add(descriptor.Ref, location);
            row.Describe(descriptor, json, now);
            // It says something else by now than the text that it was read from.
            (row.FileId, row.FileStart, row.FileLength) = (null, null, null);
            related.Add(descriptor);
        }
        await db.SaveChangesAsync(cancellation);
        await new StoreRelations(db).ExecuteAsync(related, cancellation);
        return (created, related.Count - created);
    }

    /// <summary>They are gone from the catalog and from all teams; what they did stays on record.</summary>
    public async Task RemoveAsync(IReadOnlyList<CatalogEntity> rows, Actor by, CancellationToken cancellation)
    {
        if (rows.Count == 0) return;
        var (ids, keys) = (rows.Select(r => r.Id).ToList(), rows.Select(r => r.Key).ToList());
        await ForgetAsync(rows, by, cancellation);
        foreach (var row in rows) Record("removed", row.Ref, by);
        await RevokeAsync(rows, by, cancellation);
        await db.Set<AccessToken>().Where(t => keys.Contains(t.Person.ToLower())).ExecuteDeleteAsync(cancellation);
        await db.Set<CatalogRelation>().Where(r => keys.Contains(r.Source) || keys.Contains(r.Target))
            .ExecuteDeleteAsync(cancellation);
        await db.Set<CatalogEntity>().Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>
    /// What was written here about them goes from the descriptors of others: who comes later under the same name is
    /// somebody else.
    /// </summary>
    private async Task ForgetAsync(IReadOnlyList<CatalogEntity> rows, Actor by, CancellationToken cancellation)
    {
        var gone = rows.Select(r => r.Key).ToList();
        string[] types = [Relations.HasMember, Relations.MemberOf, Relations.ChildOf, Relations.ParentOf];
        var naming = await db.Set<CatalogEntity>().AsNoTracking()
            .Where(e => !gone.Contains(e.Key) && db.Set<CatalogRelation>().Any(
                r => r.Source == e.Key && r.Stated && types.Contains(r.Type) && gone.Contains(r.Target)))
            .ToListAsync(cancellation);
        var changed = new List<Descriptor>();
        foreach (var row in naming.Where(r => OrganisationSource.IsPortal(r.Location)))
        {
            var descriptor = OrganisationInput.Of(row);
            foreach (var other in rows.Select(r => r.Ref)) OrganisationInput.Unstate(descriptor, other);
            changed.Add(descriptor);
        }
        await PutAsync(changed, OrganisationSource.Portal, by, cancellation);
    }

    /// <summary>A role by name is the person's who had it.</summary>
    private async Task RevokeAsync(IReadOnlyList<CatalogEntity> rows, Actor by, CancellationToken cancellation)
    {
        var keys = rows.Select(r => r.Key).ToList();
        var held = await db.Set<RoleGrant>().Where(g => keys.Contains(g.Subject)).ToListAsync(cancellation);
        db.RemoveRange(held);
        Audit.AddRange(held.Select(g => new AuditEntry(
            by, "role.revoked", rows.First(r => r.Key == g.Subject).Ref.ToString(),
            $"Took the role {g.Role} from {g.Subject}, which is removed")));
    }

    private async Task<CatalogEntity?> FindAsync(EntityRef entity, string kind, CancellationToken cancellation)
    {
        var key = entity.Key;
        return await db.Set<CatalogEntity>().SingleOrDefaultAsync(e => e.Key == key && e.Kind == kind, cancellation);
    }

    private CatalogEntity Add(EntityRef entity, string location)
    {
        var row = new CatalogEntity
        {
            Key = entity.Key, Kind = entity.Kind, Namespace = entity.Namespace, Name = entity.Name, Descriptor = "{}",
            Location = location, CreatedAt = now, UpdatedAt = now,
        };
        db.Add(row);
        return row;
    }

    private void Record(string change, EntityRef entity, Actor by) => Audit.Add(new AuditEntry(
        by, $"entity.{change}", entity.ToString(),
        $"{char.ToUpperInvariant(change[0])}{change[1..]} {entity} {(change == "removed" ? "from" : "in")} the catalog",
        Owner(entity)));
}
