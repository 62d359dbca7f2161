using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <param name="Through">Key of the person or the team that has it, or <c>*</c> for everybody.</param>
/// <param name="Scope">As <see cref="RoleGrant.Scope"/>.</param>
/// <param name="IsThere">Whether the catalog has that person or team, for now.</param>
public sealed record HeldRole(string Role, string Through, string Scope, bool IsThere);

/// <param name="Permissions">What it permits.</param>
public sealed record RoleView(
    string Role, IReadOnlyList<string> Permissions, IReadOnlyList<HeldRole> Grants, int Total);

/// <summary>Which role gives what, and who has it.</summary>
public sealed class ReadRoles(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    /// <summary>Grants of one role that a page shows.</summary>
    private const int MostGrants = 50;

    /// <summary>The roles of a person, by name, through teams, and as everybody.</summary>
    public async Task<IReadOnlyList<HeldRole>> OfAsync(Actor person, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        IReadOnlyList<string> subjects = [.. person.Keys, RoleGrant.Everybody];
        return await db.Set<RoleGrant>().AsNoTracking().Where(g => subjects.Contains(g.Subject))
            .OrderBy(g => g.Role).ThenBy(g => g.Subject).ThenBy(g => g.Scope).Take(MostGrants)
            .Select(g => new HeldRole(g.Role, g.Subject, g.Scope, true)).ToListAsync(cancellation);
    }

    /// <summary>Whether the role is the person's own, not through a team.</summary>
    public async Task<bool> IsAdministratorByNameAsync(EntityRef person, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var (key, role) = (person.Key, SeededRoles.Administrators);
        return await db.Set<RoleGrant>().AnyAsync(
            g => g.Subject == key && g.Role == role && g.Scope == RoleGrant.Everywhere, cancellation);
    }

    /// <summary>For administrators.</summary>
    public async Task<Result<IReadOnlyList<RoleView>>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var permissions = await db.Set<RolePermission>().AsNoTracking().OrderBy(p => p.Permission)
            .ToListAsync(cancellation);
        var views = new List<RoleView>();
        foreach (var role in permissions.GroupBy(p => p.Role).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var grants = db.Set<RoleGrant>().AsNoTracking().Where(g => g.Role == role.Key);
            var shown = await grants.OrderBy(g => g.Subject).ThenBy(g => g.Scope).Take(MostGrants)
                .Select(g => new HeldRole(
                    g.Role, g.Subject, g.Scope, db.Set<CatalogEntity>().Any(e => e.Key == g.Subject)))
                .ToListAsync(cancellation);
            views.Add(new RoleView(
                role.Key, [.. role.Select(p => p.Permission)], shown, await grants.CountAsync(cancellation)));
        }
        return views;
    }
}
