using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>The one place that every read and every change asks. What no row allows is refused.</summary>
public sealed class Authorise(IDbContextFactory<PortalDbContext> database, TimeProvider time)
{
    /// <summary>How long a changed grant may take to reach this process.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private volatile Snapshot? current;

    /// <param name="owner">Who owns what is asked for; null when it has no owner, then only grants for everywhere
    /// count.</param>
    public async Task<Result<Done>> CheckAsync(
        Actor actor, string permission, EntityRef? owner, CancellationToken cancellation)
    {
        if (actor.IsNobody) return NotSignedIn;
        if (actor.IsSystem || actor.HasPortalRights) return Done.Instance;
        var rules = await RulesAsync(cancellation);
        if (rules.Grants.Any(g => Permits(g, rules, actor, permission, owner))) return Done.Instance;
        return owner is { } who
            ? Error.Forbidden(
                "not-allowed",
                $"You may not do this ({permission}): it belongs to {who}. Ask a member of that team, or the platform team.")
            : NotAllowed(permission);
    }

    /// <summary>Grants that this process has just changed count at once here.</summary>
    public void Forget() => current = null;

    public async Task<bool> MayAsync(
        Actor actor, string permission, EntityRef? owner, CancellationToken cancellation) =>
        (await CheckAsync(actor, permission, owner, cancellation)).IsOk;

    /// <summary>Keys of the people and teams whom a row allows it, by name or by what they own; nobody twice.</summary>
    public async Task<IReadOnlyList<string>> WhoMayAsync(
        string permission, EntityRef? owner, CancellationToken cancellation)
    {
        var rules = await RulesAsync(cancellation);
        return [.. rules.Grants.Where(g => rules.Permissions.Contains((g.Role, permission)))
            .Where(g => g.Scope is RoleGrant.Everywhere or RoleGrant.Owned || g.Scope == owner?.Key)
            .Select(g => g.Scope == RoleGrant.Owned && g.Subject == RoleGrant.Everybody ? owner?.Key : g.Subject)
            .Where(s => s is not null && s != RoleGrant.Everybody).Select(s => s!)
            .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// For lists: whose things the person may do this with. Refused only when no grant gives the permission, be it for
    /// one's own things alone.
    /// Apply it with <see cref="Visibility.Visible{T}(IQueryable{T}, VisibleOwners)"/>.
    /// </summary>
    public async Task<Result<VisibleOwners>> VisibleAsync(
        Actor actor, string permission, CancellationToken cancellation)
    {
        if (actor.IsNobody) return NotSignedIn;
        if (actor.IsSystem || actor.HasPortalRights) return VisibleOwners.Everybody;
        var rules = await RulesAsync(cancellation);
        var scopes = rules.Grants.Where(g => Gives(g, rules, actor, permission)).Select(g => g.Scope)
            .ToHashSet(StringComparer.Ordinal);
        if (scopes.Count == 0) return NotAllowed(permission);
        return scopes.Contains(RoleGrant.Everywhere)
            ? VisibleOwners.Everybody
            : new VisibleOwners([.. scopes.SelectMany(s => Owners(s, actor)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Nobody may do nothing, whatever is granted to everybody: everybody is who is signed in.</summary>
    public static readonly Error NotSignedIn = Error.Forbidden("not-signed-in", "Nobody is signed in. Sign in first.");

    private static Error NotAllowed(string permission) =>
        Error.Forbidden("not-allowed", $"You may not do this ({permission}). Ask the platform team.");

    private static IEnumerable<string> Owners(string scope, Actor actor) =>
        scope == RoleGrant.Owned ? actor.Keys : [scope];

    private static bool Gives(RoleGrant grant, Snapshot rules, Actor actor, string permission) =>
        rules.Permissions.Contains((grant.Role, permission))
        && (grant.Subject == RoleGrant.Everybody || actor.Ref.Key == grant.Subject
            || actor.Groups.Any(g => g.Key == grant.Subject));

    private static bool Permits(RoleGrant grant, Snapshot rules, Actor actor, string permission, EntityRef? owner) =>
        Gives(grant, rules, actor, permission)
        && grant.Scope switch
        {
            RoleGrant.Everywhere => true,
            RoleGrant.Owned => owner is { } who && actor.Is(who),
            var scope => owner?.Key == scope,
        };

    private async Task<Snapshot> RulesAsync(CancellationToken cancellation)
    {
        if (current is { } known && time.GetUtcNow() - known.At < Freshness) return known;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var permissions = await db.Set<RolePermission>().AsNoTracking().ToListAsync(cancellation);
        var grants = await db.Set<RoleGrant>().AsNoTracking().ToListAsync(cancellation);
        return current = new Snapshot(
            time.GetUtcNow(), permissions.Select(p => (p.Role, p.Permission)).ToFrozenSet(), grants);
    }

    private sealed record Snapshot(
        DateTimeOffset At, FrozenSet<(string Role, string Permission)> Permissions, List<RoleGrant> Grants);
}
