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
    /// People of the catalog who have the permission everywhere: by name, through a group or one above it, or as
    /// everybody.
    /// </summary>
    public static async Task<bool> AnyAsync(
        PortalDbContext db, CancellationToken cancellation) => (await db.Database.SqlQuery<bool>($"""
        with recursive held(key) as (
          select g.subject from role_grants g join role_permissions p on p.role = g.role
            where p.permission = {Permissions.Administer} and g.scope = {RoleGrant.Everywhere}
          union
          select r.source from catalog_relations r join held h on r.target = h.key and r.type in ({Relations.MemberOf}, {Relations.ChildOf}))
        select exists(select from catalog_entities e where e.kind = 'User' and (e.key in (select key from held) or {RoleGrant.Everybody} in (select key from held))) as "Value"
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
}
