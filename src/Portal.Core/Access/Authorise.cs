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

    /// <param name="owner">Who owns what is asked for; null when it has no owner, then only grants for everywhere count.</param>
    public async Task<Result<Done>> CheckAsync(Actor actor, string permission, EntityRef? owner, CancellationToken cancellation)
    {
        if (actor == Actor.System || actor.HasPortalRights) return Done.Instance;
        var rules = await RulesAsync(cancellation);
        if (rules.Grants.Any(g => Permits(g, rules, actor, permission, owner))) return Done.Instance;
        return Error.Forbidden("not-allowed", owner is { } who
            ? $"You may not do this ({permission}): it belongs to {who}. Ask a member of that team, or the platform team."
            : $"You may not do this ({permission}). Ask the platform team.");
    }

    public async Task<bool> MayAsync(Actor actor, string permission, EntityRef? owner, CancellationToken cancellation) =>
        (await CheckAsync(actor, permission, owner, cancellation)).IsOk;

    private static bool Permits(RoleGrant grant, Snapshot rules, Actor actor, string permission, EntityRef? owner) =>
        rules.Permissions.Contains((grant.Role, permission))
        && (grant.Subject == RoleGrant.Everybody || actor.Ref.Key == grant.Subject || actor.Groups.Any(g => g.Key == grant.Subject))
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
        return current = new Snapshot(time.GetUtcNow(), permissions.Select(p => (p.Role, p.Permission)).ToFrozenSet(), grants);
    }

    private sealed record Snapshot(DateTimeOffset At, FrozenSet<(string Role, string Permission)> Permissions, List<RoleGrant> Grants);
}
