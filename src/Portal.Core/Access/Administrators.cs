using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>
/// Whether anybody is left who may administer the portal: asked inside the transaction that could take the last one
/// away.
/// </summary>
public static class Administrators
{
    public static readonly Error Last = Error.Conflict(
        "last-administrator",
        "Nobody would be left who may administer the portal. Make somebody an administrator first: ./portal token NAME --administrator.");

    /// <summary>
    /// Whether there are people of the catalog who have the permission everywhere: by name, through a group or one
    /// above it, or as everybody.
    /// </summary>
    public static Task<bool> AnyAsync(PortalDbContext db, CancellationToken cancellation) =>
        AnyAsync(db, false, cancellation);

    /// <summary>The same, as if the sample organisation was gone.</summary>
    public static Task<bool> AnyBesideSampleAsync(PortalDbContext db, CancellationToken cancellation) =>
        AnyAsync(db, true, cancellation);

    private static async Task<bool> AnyAsync(
        PortalDbContext db, bool besideSample, CancellationToken cancellation) => (await db.Database.SqlQuery<bool>($"""
        with recursive held(key) as (
          select g.subject from role_grants g join role_permissions p on p.role = g.role
            where p.permission = {Permissions.Administer} and g.scope = {RoleGrant.Everywhere}
          union
          select r.source from catalog_relations r join held h on r.target = h.key and r.type in ({Relations.MemberOf}, {Relations.ChildOf})
            where not {besideSample} or not exists (select from catalog_entities s where s.is_sample and s.key in (r.source, r.target)))
        select exists(select from catalog_entities e where e.kind = 'User' and not ({besideSample} and e.is_sample)
          and (e.key in (select key from held) or {RoleGrant.Everybody} in (select key from held))) as "Value"
        """).ToListAsync(cancellation))[0];

    /// <summary>Makes the person one, by name. Nothing when they are by name already.</summary>
    /// <returns>The entry for the record; null when nothing changed.</returns>
    public static async Task<Audit.AuditEntry?> AddAsync(
        PortalDbContext db, EntityRef person, Actor by, CancellationToken cancellation)
    {
        var key = person.Key;
        var role = SeededRoles.Administrators;
        if (await db.Set<RoleGrant>().AnyAsync(
            g => g.Subject == key && g.Role == role && g.Scope == RoleGrant.Everywhere, cancellation))
        {
            return null;
        }
        db.Add(new RoleGrant { Subject = key, Role = role, Scope = RoleGrant.Everywhere });
        return new Audit.AuditEntry(
            by, "role.granted", person.ToString(), $"Made {person} an administrator of the portal");
    }

    /// <summary>Takes the role away that the person has by name.</summary>
    /// <returns>The entry for the record; null when they had none.</returns>
    public static async Task<Audit.AuditEntry?> TakeAwayAsync(
        PortalDbContext db, EntityRef person, Actor by, CancellationToken cancellation)
    {
        var (key, role) = (person.Key, SeededRoles.Administrators);
        var gone = await db.Set<RoleGrant>()
            .Where(g => g.Subject == key && g.Role == role && g.Scope == RoleGrant.Everywhere)
            .ExecuteDeleteAsync(cancellation);
        return gone == 0 ? null : new Audit.AuditEntry(
            by, "role.revoked", person.ToString(), $"Took the role of an administrator from {person}");
    }
}
